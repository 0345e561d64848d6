"""Establishments under an amendment: who joins, who takes another's part, who leaves."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import ProtectedError

from khuyencong.accounts.models import User
from khuyencong.errors import NotAllowed, Refused
from programs.models import Beneficiary, Project, ProjectBeneficiary
from programs.queries.amendment import Change, participant_change, participant_text


@dataclass(frozen=True)
class NewParticipant:
    """An establishment that joins; `content` is what it is supported with."""

    beneficiary_id: int
    content: str = ""


def add_named(
    project: Project, added: Sequence[NewParticipant], by: User
) -> tuple[list[ProjectBeneficiary], list[Change]]:
    """The new participants, in the order of `added`. Errors: NotAllowed; Refused when one is in the project already."""
    chosen = _chosen([one.beneficiary_id for one in added], project, by)
    joined = [
        ProjectBeneficiary.objects.create(project=project, beneficiary=chosen[one.beneficiary_id], content=one.content)
        for one in added
    ]
    return joined, [participant_change(one, None, participant_text(one)) for one in joined]


def replace(project: Project, replaced: Mapping[int, int], by: User) -> list[Change]:
    """Give a participant's part, its amounts included, to another establishment. Errors: as for adding."""
    chosen = _chosen(list(replaced.values()), project, by)
    changes = []
    for participant in _participants(project, replaced):
        before = participant_text(participant)
        participant.beneficiary = chosen[replaced[participant.pk]]
        participant.save(update_fields=["beneficiary"])
        changes.append(participant_change(participant, before, participant_text(participant)))
    return changes


def remove(project: Project, removed: Collection[int]) -> list[Change]:
    """Errors: Refused while something that must be kept names the establishment, or when nobody would be left."""
    changes = []
    for participant in _participants(project, removed):
        changes.append(participant_change(participant, participant_text(participant), None))
        field = f"remove_{participant.pk}"
        try:
            with transaction.atomic():
                participant.delete()
        except ProtectedError as error:
            raise Refused(
                f"Không bỏ được {participant}: sổ tiền, hợp đồng, hồ sơ hoặc lần quyết định trước đã ghi cơ sở này. "
                "Hãy thay bằng cơ sở khác, hoặc ghi kinh phí của cơ sở là 0.",
                field=field,
            ) from error
    if changes and not project.participants.exists():
        raise Refused("Đề án phải còn ít nhất một cơ sở thụ hưởng.")
    return changes


def _chosen(ids: Sequence[int], project: Project, by: User) -> dict[int, Beneficiary]:
    if not ids:
        return {}
    chosen = {one.pk: one for one in Beneficiary.objects.visible_to(by).filter(pk__in=ids)}
    if len(chosen) != len(set(ids)):
        raise NotAllowed("Cơ sở này không thuộc phạm vi của đơn vị bạn.")
    named = list(project.participants.filter(beneficiary__in=ids).values_list("beneficiary__name", flat=True))
    if named:
        raise Refused(f"Đã có trong đề án: {', '.join(named)}.")
    if len(set(ids)) < len(ids):
        raise Refused("Một cơ sở được ghi hai lần.")
    return chosen


def _participants(project: Project, ids: Iterable[int]) -> list[ProjectBeneficiary]:
    wanted = set(ids)
    found = list(project.participants.select_related("beneficiary").filter(pk__in=wanted)) if wanted else []
    if len(found) < len(wanted):
        raise Refused("Có cơ sở không thuộc đề án. Hãy tải lại trang rồi nhập lại.")
    return found
