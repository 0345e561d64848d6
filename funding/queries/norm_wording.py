"""How norms and what they allow are told, on pages and in what is kept with a decision."""

from typing import TYPE_CHECKING

from funding.models import Norm
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import format_vnd
from programs.models.dated import DatedRule

if TYPE_CHECKING:
    from funding.queries.norms import NormRow, Ruling


def terms_text(norm: Norm) -> str:
    """ "tối đa 50% chi phí, không quá 300.000.000 đồng/cơ sở, hệ số 1,5 (dây chuyền công nghệ)"."""
    parts = []
    if norm.rate_percent is not None:
        parts.append(f"tối đa {_number(norm.rate_percent)}% chi phí hợp lệ")
    if norm.cap_vnd is not None:
        unit = f"/{norm.per}" if norm.per else ""
        parts.append(f"không quá {format_vnd(norm.cap_vnd)} đồng{unit}")
    if norm.multiplier is not None:
        condition = f" khi {norm.multiplier_note}" if norm.multiplier_note else ""
        parts.append(f"hệ số {_number(norm.multiplier)}{condition}")
    elif norm.multiplier_note:
        parts.append(norm.multiplier_note)
    return ", ".join(parts) or "không ghi mức"


def norm_text(norm: Norm) -> str:
    """What identifies a row of a norm: its number, terms, legal basis, days, certainty."""
    certainty = "đã đối chiếu văn bản" if norm.binds else "chưa đối chiếu văn bản"
    return f"dòng số {norm.pk}: {terms_text(norm)}; căn cứ {norm.legal_basis}; {days_text(norm)}; {certainty}"


def days_text(norm: DatedRule) -> str:
    begin = f"áp dụng từ {format_date(norm.valid_from)}" if norm.valid_from else "chưa rõ ngày áp dụng"
    return f"{begin} đến hết {format_date(norm.valid_to)}" if norm.valid_to else begin


def standing_text(ruling: "Ruling") -> str:
    """Whether the norm binds, and why not."""
    if ruling.is_binding:
        return "Bắt buộc."
    if not ruling.rows:
        return "Không có mức để đối chiếu."
    if len(ruling.rows) > 1:
        return f"Chỉ cảnh báo: {len(ruling.rows)} dòng cùng áp dụng vào ngày này."
    why = []
    if not ruling.rows[0].binds:
        why.append("chưa đối chiếu văn bản")
    if ruling.rows[0].valid_from is None:
        why.append("chưa rõ ngày áp dụng")
    return f"Chỉ cảnh báo: {', '.join(why)}."


def rule_sentence(row: "NormRow") -> str:
    """The whole explanation of a check."""
    day = f"Ngày quyết định {format_date(row.ruling.day)}."
    if row.used is None:
        return f"{row.ruling.absent} {day}"
    province = f" ({row.used.province.name})" if row.used.province else ""
    texts = " Và ".join(f"{norm_text(norm)}." for norm in row.ruling.rows)
    lowest = " Lấy mức thấp hơn." if len(row.ruling.rows) > 1 else ""
    named = f"Định mức “{row.used.name}”{province}, {texts}{lowest}"
    return f"{named} {limits_text(row)} {day} {standing_text(row.ruling)}"


def limits_text(row: "NormRow") -> str:
    """How the limits were reckoned."""
    norm, limits, basis = row.used, row.limits, row.basis
    if norm is None:
        return ""
    parts = []
    if limits.rate_limit_vnd is not None and norm.rate_percent is not None:
        cost = format_vnd(basis.eligible_vnd)
        parts.append(f"{_number(norm.rate_percent)}% × chi phí {cost} = {format_vnd(limits.rate_limit_vnd)} đồng")
    if limits.cap_limit_vnd is not None and norm.cap_vnd is not None:
        factors = [format_vnd(norm.cap_vnd)]
        if basis.has_multiplier and norm.multiplier is not None:
            factors.append(f"hệ số {_number(norm.multiplier)}")
        factors.append(f"{basis.unit_count} {norm.per or 'đơn vị'}")
        parts.append(f"mức tối đa {' × '.join(factors)} = {format_vnd(limits.cap_limit_vnd)} đồng")
    return f"Cách tính: {'; '.join(parts)}." if parts else "Định mức không ghi tỷ lệ và mức tối đa."


def excess_sentence(row: "NormRow") -> str:
    """What is passed and by how much, naming the payee."""
    wanted = f"{row.payee}, {row.source.name}: {format_vnd(row.wanted_vnd)} đồng"
    if row.excess_vnd <= 0:
        return f"{wanted}."
    limit = format_vnd(row.limits.norm_limit_vnd or 0)
    return f"{wanted}, định mức cho phép {limit} đồng, vượt {format_vnd(row.excess_vnd)} đồng."


def _number(value: object) -> str:
    """50.00 → 50, 1.50 → 1,5."""
    text = str(value)
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
