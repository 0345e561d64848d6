"""Amounts per beneficiary and source: what requests and approvals check and write alike."""

from funding.models import FundingLine, Source
from funding.queries.money import WHOLE_PROJECT
from funding.rules.ceiling import Amounts, LineKey, cell_name
from khuyencong.errors import Refused
from khuyencong.formfields import MAX_FIELD_VND
from khuyencong.vietnamese.money import format_vnd
from programs.models import Project


def check_cells(project: Project, amounts: Amounts) -> dict[LineKey, int]:
    """The amounts above zero. Errors: Refused on a foreign beneficiary, an unknown source, an impossible amount."""
    participants = set(project.participants.values_list("pk", flat=True))
    sources = set(Source.objects.filter(is_active=True).values_list("pk", flat=True))
    for (participant_id, source_id), vnd in amounts.items():
        if participant_id is not None and participant_id not in participants:
            raise Refused("Có cơ sở không thuộc đề án. Hãy tải lại trang rồi nhập lại.")
        if source_id not in sources and vnd:
            raise Refused("Có nguồn vốn không còn dùng. Hãy tải lại trang rồi nhập lại.")
        if not 0 <= vnd <= MAX_FIELD_VND:
            raise Refused("Số tiền không hợp lệ.", field=cell_name((participant_id, source_id)))
    return {key: vnd for key, vnd in amounts.items() if vnd}


def lines_of(project: Project) -> dict[LineKey, FundingLine]:
    lines = FundingLine.objects.filter(project=project).select_related("source", "participant__beneficiary")
    return {(line.participant_id, line.source_id): line for line in lines}


def describe_changes(
    project: Project, before: Amounts, after: Amounts, column: str
) -> dict[str, tuple[str | None, str | None]]:
    """(before, after) in grouped đồng of each line that differs, keyed for the history."""
    names = {source.pk: source.name for source in Source.objects.all()}
    payees: dict[int | None, str] = {None: WHOLE_PROJECT}
    payees |= {payee.pk: str(payee) for payee in project.participants.select_related("beneficiary")}
    changes: dict[str, tuple[str | None, str | None]] = {}
    for participant_id, source_id in [*before, *(key for key in after if key not in before)]:
        pair = before.get((participant_id, source_id)), after.get((participant_id, source_id))
        if pair[0] != pair[1]:
            label = f"{column} (đồng), {names[source_id]}, {payees[participant_id]}"
            changes[label] = (_grouped(pair[0]), _grouped(pair[1]))
    return changes


def _grouped(vnd: int | None) -> str | None:
    return None if vnd is None else format_vnd(vnd)
