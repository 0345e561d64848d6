"""Writing what support came to: one look at one establishment, one row; a mistaken row is corrected with a trace."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.audit.record import Changes, differences, record, snapshot
from khuyencong.errors import Refused
from khuyencong.uniqueness import refusing_duplicates
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import format_vnd
from programs.actions.project import audit, lock_project
from programs.evaluation_policies import check_can_correct_evaluation, check_can_evaluate
from programs.models import Project, ProjectBeneficiary, SupportEvaluation
from programs.models.evaluation import PAIRS

FIGURE_FIELDS = (*(f"{pair}_{when}" for pair in PAIRS for when in ("before", "after")), "mobilised_vnd")
RECORDED_FIELDS = ("evaluated_on", "product", "capacity_unit", *FIGURE_FIELDS, "source_note")


@transaction.atomic
def record_evaluation(
    *, project_id: int, participant_id: int, values: Mapping[str, Any], by: User, version: int
) -> SupportEvaluation:
    """What one establishment of the project was found to be before and after support; earlier rows stay.

    `values`: RECORDED_FIELDS, amounts in whole đồng, None for what is not known.
    Errors: NotAllowed, Overtaken, Refused at the field.
    """
    project = lock_project(project_id, version)
    check_can_evaluate(by, project)
    participant = _participant_of(project, participant_id)
    evaluation = SupportEvaluation(participant=participant, recorded_by=by, recorded_at=timezone.now(), **values)
    _check(project, evaluation)
    _save(evaluation)
    changes = {"Cơ sở": (None, str(participant)), **differences({}, _in_words(evaluation))}
    _tell(project, by, "evaluation_record", "Ghi đánh giá sau hỗ trợ", changes)
    return evaluation


@transaction.atomic
def correct_evaluation(
    *, project_id: int, evaluation_id: int, values: Mapping[str, Any], by: User, version: int
) -> SupportEvaluation:
    """Put a mistaken row right; who wrote it first stays on the row, who corrected what stands in the history.

    `values`: RECORDED_FIELDS. Errors: NotAllowed (another office), Overtaken, Refused at the field.
    """
    project = lock_project(project_id, version)
    evaluation = _evaluation_of(project, evaluation_id)
    check_can_correct_evaluation(by, project, evaluation)
    before, named = _in_words(evaluation), f"{evaluation.participant}, {format_date(evaluation.evaluated_on)}"
    for name in RECORDED_FIELDS:
        setattr(evaluation, name, values[name])
    _check(project, evaluation)
    changes = differences(before, _in_words(evaluation))
    if changes:
        _save(evaluation)
        told = {"Lần đánh giá": (named, named), **changes}
        _tell(project, by, "evaluation_correct", "Sửa đánh giá sau hỗ trợ", told)
    return evaluation


def record_due_export(*, by: User, row_count: int, condition: str) -> None:
    """That the person took a list of establishments without an evaluation, and how it was filtered."""
    record(
        by=by,
        action="evaluation_due_export",
        action_label="Tải danh sách cơ sở chưa đánh giá sau hỗ trợ ra Excel",
        obj=by,
        place_id=by.area_id,
        changes={"Số dòng": (None, row_count), "Điều kiện lọc": (None, condition)},
    )


def _participant_of(project: Project, participant_id: int) -> ProjectBeneficiary:
    participant = project.participants.select_related("beneficiary").filter(pk=participant_id).first()
    if participant is None:
        raise Refused("Cơ sở này không còn trong đề án.")
    return participant


def _evaluation_of(project: Project, evaluation_id: int) -> SupportEvaluation:
    rows = SupportEvaluation.objects.filter(participant__project=project)
    rows = rows.select_related("participant__beneficiary", "recorded_by__organisation")
    evaluation = rows.filter(pk=evaluation_id).first()
    if evaluation is None:
        raise Refused("Lần đánh giá này không còn trong đề án.")
    return evaluation


def _check(project: Project, evaluation: SupportEvaluation) -> None:
    _check_day(project, evaluation)
    for name in FIGURE_FIELDS:
        value = getattr(evaluation, name)
        if value is not None and value < 0:
            raise Refused("Số liệu đánh giá không nhận số âm.", field=name)
    if not any(_both(evaluation, pair) for pair in PAIRS):
        raise Refused(
            "Ghi đủ số trước và sau hỗ trợ của ít nhất một chỉ tiêu: công suất, năng suất lao động, giá trị gia "
            "tăng, doanh thu hoặc lao động."
        )
    has_capacity = evaluation.capacity_before is not None or evaluation.capacity_after is not None
    if has_capacity and not evaluation.capacity_unit:
        raise Refused("Ghi đơn vị tính của công suất, ví dụ tấn/năm.", field="capacity_unit")
    if not evaluation.source_note:
        raise Refused("Ghi nguồn của số liệu.", field="source_note")


def _both(evaluation: SupportEvaluation, pair: str) -> bool:
    return getattr(evaluation, f"{pair}_before") is not None and getattr(evaluation, f"{pair}_after") is not None


def _check_day(project: Project, evaluation: SupportEvaluation) -> None:
    day = evaluation.evaluated_on
    if day > timezone.localdate():
        raise Refused("Ngày đánh giá không thể sau hôm nay.", field="evaluated_on")
    if project.accepted_date is not None and day < project.accepted_date:
        accepted = format_date(project.accepted_date)
        raise Refused(f"Ngày đánh giá không thể trước ngày nghiệm thu ({accepted}).", field="evaluated_on")
    same_day = SupportEvaluation.objects.filter(participant=evaluation.participant, evaluated_on=day)
    if same_day.exclude(pk=evaluation.pk).exists():
        raise Refused("Cơ sở này đã được đánh giá vào ngày đó.", field="evaluated_on")


def _save(evaluation: SupportEvaluation) -> None:
    with refusing_duplicates(SupportEvaluation, support_evaluation_unique="evaluated_on"):
        evaluation.save()


def _in_words(evaluation: SupportEvaluation) -> dict[str, Any]:
    """The row as the history prints it: figures with grouped thousands, their unit in the name."""
    words = snapshot(evaluation, RECORDED_FIELDS)
    return {name: format_vnd(value) if isinstance(value, int) else value or None for name, value in words.items()}


def _tell(project: Project, by: User, action: str, label: str, changes: Changes) -> None:
    """One more version of the project, so that nobody corrects what they have not seen; and the event."""
    project.version += 1
    project.save(update_fields=["version"])
    audit(project, by=by, action=action, label=label, changes=changes)
