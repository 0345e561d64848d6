"""Who signs the reports of an office on a day: rows of reference data, one person for each role at a time."""

import datetime
from collections.abc import Mapping

from django.db.models import Q

from khuyencong.accounts.models import Organisation, Signatory, SigningRole, User
from khuyencong.excel.table import Signature
from khuyencong.vietnamese.dates import format_date

DRAWN_BY = "NGƯỜI LẬP BIỂU"
HEAD = "THỦ TRƯỞNG ĐƠN VỊ"
HEAD_HINT = "(Ký, ghi rõ họ tên, đóng dấu)"


def signatories_on(organisation_id: int, day: datetime.date) -> dict[SigningRole, Signatory]:
    """Role → who signs in it on that day; roles that nobody has are missing. One query."""
    rows = Signatory.objects.filter(organisation=organisation_id, valid_from__lte=day)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day)).order_by("valid_from", "pk")
    return {SigningRole(row.role): row for row in rows}


def signature_row(user: User, day: datetime.date, *, is_money: bool) -> tuple[Signature, ...]:
    """Under a table that `user` draws up on that day: the user, the reviewer, the accountant of money, the head.

    Reviewer and accountant stand there only where the office has named them; without a head there is an empty line.
    """
    assert user.organisation_id is not None, "a user without an organisation has no permission to be here"
    return signed_by(user, signatories_on(user.organisation_id, day), is_money=is_money)


def signed_by(user: User, found: Mapping[SigningRole, Signatory], *, is_money: bool) -> tuple[Signature, ...]:
    """The same of people who were looked up before: for several tables at once."""
    roles = [SigningRole.REVIEWER, *([SigningRole.ACCOUNTANT] if is_money else [])]
    beside = [Signature("\n".join(title_lines(found[role])), found[role].full_name) for role in roles if role in found]
    return (Signature(DRAWN_BY, user.full_name), *beside, _head(found.get(SigningRole.HEAD)))


def title_lines(signatory: Signatory) -> list[str]:
    """ "KT. GIÁM ĐỐC" and "PHÓ GIÁM ĐỐC": the authority where there is one, and the title; in capitals."""
    return [line.upper() for line in (signatory.authority, signatory.job_title) if line]


def _head(signatory: Signatory | None) -> Signature:
    if signatory is None:
        return Signature(HEAD, hint=HEAD_HINT)
    return Signature("\n".join(title_lines(signatory)), signatory.full_name, hint=HEAD_HINT)


def period_problem(row: Signatory) -> str:
    """Why a row cannot stand beside the others of its office and role, naming the other one; "" when it can.

    Locks the office until the transaction ends, so that of two rows written at the same moment one sees the other.
    """
    Organisation.objects.select_for_update(of=("self",)).filter(pk=row.organisation_id).first()
    others = Signatory.objects.filter(organisation=row.organisation_id, role=row.role).exclude(pk=row.pk)
    others = others.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=row.valid_from))
    if row.valid_to is not None:
        others = others.filter(valid_from__lte=row.valid_to)
    other = others.order_by("valid_from", "pk").first()
    if other is None:
        return ""
    until = f"đến {format_date(other.valid_to)}" if other.valid_to else "chưa ghi ngày thôi ký"
    days = f"từ {format_date(other.valid_from)}, {until}"
    return (
        f"Trùng thời gian với {other.full_name} ({other.get_role_display()}, {days}). "
        "Hãy ghi “Đến hết ngày” cho người ký trước rồi ghi người mới từ ngày kế tiếp."
    )
