"""Bạc Liêu 2008–2013 as figures: the three totals are the province's own, every split is invented and says so.

Source of the totals: 6.788,9 triệu đồng = 2.768,9 provincial + 4.020,0 central.
"""

from dataclasses import dataclass

TENTH_OF_MILLION = 100_000  # đồng: the tables below count in tenths of a triệu

# Tenths of a triệu đồng a year; each column adds up to the province's own total.
PROVINCIAL = {2008: 3105, 2009: 3850, 2010: 4424, 2011: 4980, 2012: 5450, 2013: 5880}
CENTRAL = {2008: 4500, 2009: 5600, 2010: 6400, 2011: 7200, 2012: 7900, 2013: 8600}


@dataclass(frozen=True)
class Theme:
    """A kind of project as the demo repeats it: its item, its result, who is helped. `{place}` is filled in."""

    item: int
    name: str
    beneficiary: str
    kind: str
    indicator: str
    achieved: int
    share_percent: int


HOUSEHOLD, ENTERPRISE, COOPERATIVE, GROUP = "household", "enterprise", "cooperative", "cooperative_group"
# Two a year for each budget; the shares of one pair make 100.
LOCAL_THEMES = [
    Theme(1, "Đào tạo nghề đan đát cho lao động {place}", "Tổ hợp tác đan đát {place}", GROUP, "1", 60, 45),
    Theme(10, "Ứng dụng máy sấy trong chế biến khô {place}", "Hộ kinh doanh khô {place}", HOUSEHOLD, "10", 1, 55),
]
CENTRAL_THEMES = [
    Theme(9, "Mô hình trình diễn sản xuất nước đá {place}", "Công ty TNHH nước đá {place}", ENTERPRISE, "9", 1, 60),
    Theme(2, "Nâng cao tay nghề chế biến thủy sản {place}", "Hợp tác xã thủy sản {place}", COOPERATIVE, "2", 80, 40),
]

# Old communes, one a project in turn, so that every old district has some.
PLACES = ["31843", "31870", "31894", "31942", "31972", "31891", "31828", "31849", "31876", "31900", "31948", "31975"]


@dataclass(frozen=True)
class PastProject:
    """One project of the founding case."""

    year: int
    is_national: bool
    theme: Theme
    place_code: str
    support_vnd: int
    number: int

    def beneficiary_in(self, place: str) -> str:
        """A place comes round again with the same theme; the establishment is another one, and its name says so."""
        turn = self.number // len(PLACES) + 1
        return self.theme.beneficiary.format(place=place) + (f" số {turn}" if turn > 1 else "")


def past_projects() -> list[PastProject]:
    """All of them; their support adds up to the totals, to the đồng."""
    projects: list[PastProject] = []
    for year in PROVINCIAL:
        for is_national, themes, tenths in (
            (False, LOCAL_THEMES, PROVINCIAL[year]),
            (True, CENTRAL_THEMES, CENTRAL[year]),
        ):
            total = tenths * TENTH_OF_MILLION
            first = total * themes[0].share_percent // 100
            for theme, support in zip(themes, (first, total - first), strict=True):
                number = len(projects)
                place = PLACES[number % len(PLACES)]
                projects.append(PastProject(year, is_national, theme, place, support, number))
    return projects
