"""What people of each role do in a browser, in the words that they read on the page."""

from pathlib import Path

from playwright.sync_api import Locator, Page

from funding.demo.people import PASSWORD

DEMO_PASSWORD = PASSWORD


class Officer:
    """One person at the keyboard; signing in signs the one before out."""

    def __init__(self, page: Page, username: str) -> None:
        self.page = page
        page.set_default_timeout(10_000)
        page.context.clear_cookies()
        page.goto("/dang-nhap/")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.locator("input[name=password]").fill(DEMO_PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.get_by_role("heading", name="Việc của tôi").wait_for()

    def open_project(self, code: str) -> None:
        self.page.get_by_role("navigation", name="Mục chính").get_by_role("link", name="Đề án", exact=True).click()
        self.page.get_by_role("searchbox").fill(code)
        self.page.get_by_role("searchbox").press("Enter")
        self.page.get_by_role("link", name=code, exact=True).click()
        self.page.get_by_role("heading", name=code).wait_for()

    def tab(self, name: str) -> None:
        self.page.locator(".nav-tabs").get_by_role("link", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """A button that leads on; where a page offers it twice, the first."""
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def press_and_confirm(self, name: str) -> None:
        """A button that asks first; the dialog's own button repeats its name."""
        self.press(name)
        self.page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()

    def fill_paper(self, number: str, day: str, reason: str = "") -> None:
        self.page.locator("[name=document_number]").fill(number)
        self.page.locator("[name=document_date]").fill(day)
        if reason:
            self.page.locator("[name=reason]").fill(reason)

    def fill_accepted_costs(self, costs: dict[str, str]) -> None:
        """What acceptance recognises, by the name of the establishment."""
        table = self.page.get_by_role("table", name="Giá trị nghiệm thu theo cơ sở")
        for payee, cost in costs.items():
            row = table.get_by_role("row").filter(has=self.page.get_by_role("rowheader", name=payee, exact=True))
            row.locator("input[type=text]").fill(cost)

    def make_move(self, code: str, name: str, number: str, day: str, *, asks_first: bool = False) -> None:
        """A move that needs no more than its document."""
        self.open_project(code)
        self.follow(name)
        self.fill_paper(number, day)
        (self.press_and_confirm if asks_first else self.press)(name)

    def status(self) -> str:
        return self.page.locator(".kc-status, .badge").first.inner_text()

    def look(self, screenshots: Path, name: str) -> None:
        self.page.screenshot(path=screenshots / f"{name}.png", full_page=True)
        self.page.set_viewport_size({"width": 390, "height": 844})
        self.page.screenshot(path=screenshots / f"{name}-phone.png", full_page=True)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 390, f"{name}: scrolls sideways on a phone"
        self.page.set_viewport_size({"width": 1366, "height": 768})


def matrix_cell(page: Page, payee: str, source: str) -> Locator:
    """The input of one beneficiary and source in the matrix of amounts."""
    table = page.get_by_role("table", name="Số tiền theo cơ sở và nguồn vốn")
    heads = [text.strip() for text in table.locator("thead th").all_inner_texts()]
    row = table.locator("tbody tr").filter(has=page.get_by_role("rowheader", name=payee, exact=True))
    return row.locator("th, td").nth(heads.index(source)).locator("input[type=text]")


def fill_voucher(page: Page, source: str, payee: str, amount: str, number: str, day: str) -> None:
    """The form of a voucher."""
    page.get_by_label("Nguồn vốn").select_option(label=source)
    page.get_by_label("Bên nhận").select_option(label=payee)
    page.get_by_label("Số tiền").fill(amount)
    page.get_by_label("Số chứng từ").fill(number)
    page.get_by_label("Ngày chứng từ").fill(day)


def report_rows(page: Page) -> dict[str, list[str]]:
    """The report on the page: first cell → texts of all cells."""
    rows = page.locator(".kc-report tbody tr").all()
    texts = [[text.strip() for text in row.locator("th, td").all_inner_texts()] for row in rows]
    return {cells[0] or cells[1]: cells for cells in texts}
