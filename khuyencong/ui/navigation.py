"""The main menu: one table of entries, shown to whoever may open them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse

from khuyencong.accounts.permissions import IMPORT_RIGHTS, Permission


@dataclass(frozen=True)
class Entry:
    """A line of the menu as it is declared: where it leads and the permission that shows it."""

    label: str
    url_name: str
    permission: Permission
    icon: str = ""
    also: tuple[str, ...] = ()  # addresses that belong here although they do not lie under `url_name`
    or_any: tuple[Permission, ...] = ()  # rights that show it as well


@dataclass(frozen=True)
class Group:
    """Several entries behind one heading."""

    label: str
    entries: tuple[Entry, ...]
    icon: str = ""


@dataclass(frozen=True)
class NavItem:
    """A line of the menu as the template draws it for one request."""

    label: str
    url: str
    icon: str
    active: bool = False
    children: list["NavItem"] = field(default_factory=list)


MENU: tuple[Entry | Group, ...] = (
    Entry("Việc của tôi", "home", Permission.HOME, "list-check"),
    Entry("Đề án", "programs:project-list", Permission.PROJECT_VIEW, "folder2-open", also=("/kinh-phi/de-an/",)),
    Entry("Thời hạn", "programs:deadline-list", Permission.PROJECT_VIEW, "clock-history"),
    Entry("Cơ sở thụ hưởng", "programs:beneficiary-list", Permission.BENEFICIARY_VIEW, "shop"),
    Entry("Sản phẩm", "programs:product-list", Permission.PRODUCT_VIEW, "check-circle"),
    Entry("Làng nghề", "programs:craft-village-list", Permission.CRAFT_VILLAGE_VIEW, "houses"),
    Group(
        "Chương trình",
        (
            Entry("Chương trình", "programs:programme-list", Permission.PROGRAMME_VIEW, "file-earmark-text"),
            Entry("Đợt đăng ký", "programs:registration-round-list", Permission.PROJECT_VIEW, "pencil"),
            Entry("Hội đồng thẩm định", "programs:council-list", Permission.PROJECT_VIEW, "people"),
            Entry("Đợt gửi Bộ", "programs:ministry-batch-list", Permission.PROJECT_VIEW, "upload"),
        ),
        "file-earmark-text",
    ),
    Entry("Kinh phí", "funding:budget-board", Permission.MONEY_VIEW, "cash-coin"),
    Group(
        "Báo cáo",
        (
            Entry("Tổng quan", "reports:dashboard", Permission.REPORT_VIEW, "bar-chart"),
            Entry("Biểu báo cáo", "reports:index", Permission.REPORT_VIEW, "file-earmark-text"),
            Entry(
                "Kỳ báo cáo của cơ sở",
                "reports:round-list",
                Permission.REPORT_VIEW,
                "clock-history",
                also=("/bao-cao/bao-cao-co-so/",),
            ),
        ),
        "bar-chart",
    ),
    Group(
        "Quản trị",
        (
            Entry("Nhập từ Excel", "importing:batch-list", IMPORT_RIGHTS[0], "upload", or_any=IMPORT_RIGHTS[1:]),
            Entry("Danh mục, tài khoản", "admin:index", Permission.ADMIN_SITE, "gear"),
            Entry("Mẫu văn bản", "programs:word-template-list", Permission.REFERENCE_EDIT, "file-earmark-text"),
            Entry("Bảng phân quyền", "accounts:role-table", Permission.ROLE_TABLE_VIEW, "shield-check"),
            Entry("Nhật ký hệ thống", "audit:event-list", Permission.AUDIT_VIEW, "clock-history"),
        ),
        "gear",
    ),
)


def build_menu(user: Any, path: str) -> list[NavItem]:
    """The lines that this user may open, the one that holds `path` marked active."""
    declared = [entry for line in MENU for entry in (line.entries if isinstance(line, Group) else (line,))]
    urls = {entry.url_name: _url(entry) for entry in declared if _is_shown(entry, user)}
    prefixes = {url: url for url in urls.values()}
    prefixes |= {prefix: urls[entry.url_name] for entry in declared if entry.url_name in urls for prefix in entry.also}
    current = prefixes.get(_longest_prefix(path, prefixes), "")
    items: list[NavItem] = []
    for line in MENU:
        if isinstance(line, Entry):
            items += _items((line,), urls, current)
            continue
        children = list(_items(line.entries, urls, current))
        if children:
            active = any(child.active for child in children)
            items.append(NavItem(line.label, children[0].url, line.icon, active, children))
    return items


def _is_shown(entry: Entry, user: Any) -> bool:
    return any(user.has_permission(permission) for permission in (entry.permission, *entry.or_any))


def _url(entry: Entry) -> str:
    # An app that is not installed here leaves no hole in the menu, and no page fails because of it.
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""


def _items(entries: tuple[Entry, ...], urls: dict[str, str], current: str) -> Iterator[NavItem]:
    for entry in entries:
        url = urls.get(entry.url_name, "")
        if url:
            yield NavItem(entry.label, url, entry.icon, url == current)


def _longest_prefix(path: str, urls: Any) -> str:
    """The menu address that `path` lies under; the start page only for itself."""
    found = [url for url in urls if url and (path == url or (url != "/" and path.startswith(url)))]
    return max(found, key=len, default="")
