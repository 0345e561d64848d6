"""Writing the beneficiaries of a project."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import ProtectedError

from khuyencong.accounts.models import User
from khuyencong.errors import NotAllowed, Refused
from programs import policies
from programs.actions.project import audit, lock_project
from programs.models import Beneficiary, DocumentKind, Equipment, Project, ProjectBeneficiary


@transaction.atomic
def add_participants(*, project_id: int, beneficiary_ids: Sequence[int], content: str, by: User) -> int:
    """Name establishments in a project; returns how many.

    `content`: what they are supported with. Errors: NotAllowed, or Refused when one of them is in the project already.
    """
    project = lock_project(project_id)
    policies.check_can_change_participants(by, project)
    chosen = list(Beneficiary.objects.visible_to(by).filter(pk__in=beneficiary_ids))
    if not chosen or len(chosen) != len(set(beneficiary_ids)):
        raise NotAllowed("Cơ sở này không thuộc phạm vi của đơn vị bạn.")
    _check_not_named_twice(project, chosen)
    ProjectBeneficiary.objects.bulk_create(
        ProjectBeneficiary(project=project, beneficiary=beneficiary, content=content) for beneficiary in chosen
    )
    _raise_version(project)
    changes = {beneficiary.name: (None, content or "Tham gia đề án") for beneficiary in chosen}
    audit(project, by=by, action="add_participants", label="Thêm cơ sở thụ hưởng", changes=changes)
    return len(chosen)


@transaction.atomic
def remove_participant(*, project_id: int, participant_id: int, by: User) -> str:
    """Take an establishment out; returns its name. Its papers stay with the project, as papers of another kind.

    Errors: NotAllowed, or Refused while money or machines are written for it.
    """
    project = lock_project(project_id)
    policies.check_can_change_participants(by, project)
    participant = project.participants.select_related("beneficiary").filter(pk=participant_id).first()
    if participant is None:
        raise Refused("Cơ sở này không còn trong đề án.")
    name, content = participant.beneficiary.name, participant.content
    if Equipment.objects.filter(participant=participant).exists():
        raise Refused(f"Chưa bỏ được {name}: đã ghi máy móc, thiết bị cho cơ sở này. Hãy bỏ máy móc, thiết bị trước.")
    try:
        with transaction.atomic():
            kept = _keep_papers(participant)
            participant.delete()
    except ProtectedError as error:
        raise Refused(
            f"Chưa bỏ được {name}: đã ghi kinh phí hoặc hợp đồng cho cơ sở này. Hãy xóa phần kinh phí của cơ sở trước."
        ) from error
    _raise_version(project)
    changes = {name: (content or "Tham gia đề án", None), **kept}
    audit(project, by=by, action="remove_participant", label="Bỏ cơ sở thụ hưởng", changes=changes)
    return name


def _keep_papers(participant: ProjectBeneficiary) -> dict[str, tuple[str, str]]:
    """A file is never lost, but it no longer counts as a paper of the dossier; returns what the history says."""
    papers = list(participant.documents.all())
    participant.documents.update(participant=None, kind=DocumentKind.OTHER)
    owner = f"của {participant.beneficiary.name}"
    return {f"{paper.get_kind_display()}: {paper}": (owner, DocumentKind.OTHER.label) for paper in papers}


def _check_not_named_twice(project: Project, chosen: Sequence[Beneficiary]) -> None:
    named = project.participants.filter(beneficiary__in=chosen).values_list("beneficiary__name", flat=True)
    if named:
        raise Refused(f"Đã có trong đề án: {', '.join(named)}.", field="beneficiaries")


def _raise_version(project: Project) -> None:
    """Whoever is looking at the old list must look again before submitting or signing."""
    project.version += 1
    project.save(update_fields=["version"])
