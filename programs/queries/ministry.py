"""Reading batches of projects sent to the Ministry."""

from django.db.models import Count, Q, QuerySet

from khuyencong.accounts.models import User
from programs.models import MinistryBatch, MinistryBatchProject, MinistryResult, Project
from programs.queries.project import project_rows
from programs.workflow import Status, Track

NO_RESULT = "chua-co"
RESULT_CHOICES = [(NO_RESULT, "Chưa có kết quả"), *MinistryResult.choices]


def batch_rows(user: User) -> QuerySet[MinistryBatch]:
    """Batches that the user sees, each counted: `project_count`, `agreed_count`, `waiting_count`."""
    waiting = Q(entries__result="", entries__project__status=Status.SENT_TO_MINISTRY.value)
    return (
        MinistryBatch.objects.visible_to(user)
        .select_related("organisation")
        .annotate(
            project_count=Count("entries"),
            agreed_count=Count("entries", filter=Q(entries__result=MinistryResult.AGREED)),
            waiting_count=Count("entries", filter=waiting),
        )
    )


def batch_years(user: User) -> list[tuple[int, str]]:
    years = MinistryBatch.objects.visible_to(user).order_by("-year").values_list("year", flat=True).distinct()
    return [(year, str(year)) for year in years]


def entry_rows(user: User, batch: MinistryBatch) -> QuerySet[MinistryBatchProject]:
    """The batch's projects within the user's area, in the order of the letter's list."""
    entries = batch.entries.visible_to(user).select_related("project__place", "result_by")
    return entries.order_by("project__code", "pk")


def with_result(entries: QuerySet[MinistryBatchProject], result: str) -> QuerySet[MinistryBatchProject]:
    return entries.filter(result="" if result == NO_RESULT else result)


def waiting_to_be_sent(user: User) -> QuerySet[Project]:
    """Appraised national projects of the user's area."""
    return project_rows(user).filter(track=Track.NATIONAL.value, status=Status.APPRAISED.value)


def years_to_send(user: User) -> list[int]:
    """Plan years that have projects to be sent up, newest first."""
    rows = Project.objects.visible_to(user).filter(track=Track.NATIONAL.value, status=Status.APPRAISED.value)
    return list(rows.order_by("-year").values_list("year", flat=True).distinct())


def newest_batch_id(user: User, project: Project) -> int | None:
    """The batch that the project was sent up in last, if the user sees it."""
    batches = MinistryBatch.objects.visible_to(user)
    entries = MinistryBatchProject.objects.filter(project=project, batch__in=batches)
    return entries.order_by("-pk").values_list("batch_id", flat=True).first()
