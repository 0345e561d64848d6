"""The deadlines that are known, each with how sure of it we are."""

from typing import Any

from programs.models import Certainty, DeadlineKind, DeadlineRule
from programs.workflow import Action, Status, Track

# Source: TT 36/2013/TT-BCT, TT 17/2018/TT-BCT; followed by TT 66/2026/TT-BCT, whose text has not been compared yet.
BASIS = "TT 36/2013/TT-BCT, TT 17/2018/TT-BCT"
RULES: list[dict[str, Any]] = [
    {
        "key": "kcqg-dang-ky",
        "name": "Đăng ký đề án KCQG với Sở Công Thương (trước ngày 20/5 năm trước năm kế hoạch)",
        "kind": DeadlineKind.CALENDAR,
        "year_offset": -1,
        "month": 5,
        "day": 19,
        "owed_by": [Status.DRAFT, Status.SUBMITTED],
        "certainty": Certainty.UNVERIFIED,
    },
    {
        "key": "kcqg-ho-so-quyet-toan",
        "name": "Hồ sơ quyết toán KCQG (trong 15 ngày từ nghiệm thu cuối cùng của hợp đồng)",
        "kind": DeadlineKind.AFTER_STEP,
        "days": 15,
        "after_action": Action.ACCEPT.value,
        "owed_by": [Status.ACCEPTED, Status.LIQUIDATED],
        "certainty": Certainty.CONFIRMED,
    },
    {
        "key": "kcqg-thanh-ly",
        "name": "Thanh lý hợp đồng KCQG (đến 22/01 năm sau năm kế hoạch)",
        "kind": DeadlineKind.CALENDAR,
        "year_offset": 1,
        "month": 1,
        "day": 22,
        "owed_by": [Status.CONTRACTED, Status.IN_PROGRESS, Status.ACCEPTED],
        "certainty": Certainty.CONFIRMED,
    },
]


def load_deadline_rules() -> int:
    """Adds the rules that are missing; those already there stay as an administrator may have edited them."""
    for rule in RULES:
        values = {**rule, "owed_by": ",".join(status.value for status in rule["owed_by"])}
        common = {"track": Track.NATIONAL.value, "legal_basis": BASIS}
        if not DeadlineRule.objects.filter(key=rule["key"]).exists():
            DeadlineRule.objects.create(**common, **values)
    return len(RULES)
