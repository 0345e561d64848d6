"""Every page asks the database as many questions over 20 rows as over 200; pages added later are walked too."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from funding import bench_data
from funding.models import LedgerEntry
from khuyencong.accounts.permissions import Role, permissions_of
from khuyencong.accounts.routes import all_routes
from programs.models import (
    Beneficiary,
    Council,
    CouncilMember,
    CouncilSession,
    CraftVillage,
    Document,
    Equipment,
    MinistryBatch,
    Product,
    ProductGroup,
    Programme,
    Project,
    ProjectBeneficiary,
    RegistrationRound,
    SessionProject,
    SupportEvaluation,
)
from programs.workflow import Action, Status, Track
from tests.factories import make_project, unit
from tests.importing.makers import batch_for
from tests.jobs.makers import make_job
from tests.programs.council import attend, confirmed, make_session
from tests.reports.locking import lock
from tests.reports.rounds import round_object
from tests.responses import content_of

pytestmark = pytest.mark.django_db
ROUTES = {route.name: route for route in all_routes()}
# Pages of a project that only exist in one state of it; the others take a draft.
STATUS_OF_PAGE = {
    "programs:project-move": Status.SUBMITTED,
    "programs:project-return": Status.SUBMITTED,
    "programs:project-assign": Status.SUBMITTED,
    "programs:project-report-progress": Status.CONTRACTED,
    "programs:field-check-add": Status.CONTRACTED,
    "programs:project-duplicates": Status.SUBMITTED,
    "programs:employment-add": Status.ACCEPTED,
    "programs:project-evaluations": Status.ACCEPTED,
    "programs:evaluation-add": Status.ACCEPTED,
    "programs:evaluation-edit": Status.ACCEPTED,
    "funding:project-accept": Status.IN_PROGRESS,
    "funding:project-approve": Status.APPRAISED,
    "funding:project-sign": Status.APPROVED,
    "funding:project-amend": Status.APPROVED,
    "funding:project-stop": Status.IN_PROGRESS,
    "funding:project-carry-over": Status.IN_PROGRESS,
    "funding:project-settle": Status.LIQUIDATED,
    "funding:ledger-add": Status.IN_PROGRESS,
    "funding:ledger-reverse": Status.IN_PROGRESS,
}
YEAR = 2026
QUERIES = {
    "reports:form-rows": f"?year={YEAR}&row=tong&column=provincial",
    "funding:approval-list": f"?nam={YEAR}",
    "programs:ministry-batch-create": f"?nam={YEAR}",
}
WORDS = {"year": YEAR, "action": Action.CONFIRM.value, "kind": "advance", "document": "contract", "slug": "kinh-phi"}
WORDS["what"] = "tien-do"  # of what is missing in a reporting round
WORDS["panel"] = "dia-ban"
WORDS |= {"import_kind": "co-so", "number": 4}
MOST = {"reports:dashboard": 60, "reports:dashboard-export": 65}  # six forms on one page, one of them for six years
MOST["reports:covering-export"] = 50  # five forms in one document
# Not pages: they take POST only, answer with a file of one object, or have nothing to show without one.
NO_PAGE = {
    "logout",
    "programs:project-beneficiary-remove",
    "programs:equipment-remove",
    "programs:document-download",
    "programs:word-document",  # tests/programs/test_word_document.py counts its queries
    "programs:word-template-download",
    "programs:word-template-reset",
    "programs:project-bulk",
    "programs:document-view",
    "programs:project-ministry",
    "programs:ministry-batch-export",
    "programs:ministry-result",
    "programs:ministry-result-correct",  # one entry; tests/programs/test_ministry_result.py opens it
    "programs:council-member-remove",
    "programs:council-session-agenda-remove",
    "programs:council-sheet-remove",
    "programs:council-conflict-remove",
    "programs:council-minutes",  # tests/programs/test_council_minutes.py counts its queries
    "programs:project-assign-bulk",
    "programs:supplement-answer",
    "reports:form-pdf",  # the workbook of form-export, which is counted, printed; tests have no office suite
    "reports:locked-report-pdf",
    "reports:covering-pdf",
    "jobs:job-download",  # one file; tests/jobs/test_pages.py takes it
    "importing:batch-table",
    "importing:batch-read",
    "importing:batch-recheck",
    "reports:round-close",
    "reports:round-reopen",
    "reports:round-remind",
    "funding:treasury-remove",  # one statement; tests/funding/test_treasury.py opens it
    "funding:budget-year-reopen",  # of a closed year; tests/funding/test_year_closing.py opens it
}
PAGES = sorted(name for name, route in ROUTES.items() if not route.access.anybody and name not in NO_PAGE)


@pytest.fixture
def first_rows(cast):
    """Twenty projects with their money, and one of each register."""
    bench_data.seed(20, years=[YEAR])
    owner = Beneficiary.objects.first()
    Product.objects.create(beneficiary=owner, name="Khô cá", group=ProductGroup.FOOD)
    RegistrationRound.objects.create(
        year=YEAR, track=Track.LOCAL.value, opens_on=date(YEAR - 1, 3, 1), closes_on=date(YEAR - 1, 5, 19)
    )
    CraftVillage.objects.create(name="Nghề rèn", craft="Rèn", place=unit("31843"))
    officer = cast[Role.DEPARTMENT_OFFICER]
    attend(make_session(officer, confirmed(officer)), officer)


def _object_for(name, cast):
    """The pk that the page is asked for."""
    noun = name.partition(":")[2]
    if noun.startswith("beneficiary"):
        return Beneficiary.objects.first().pk
    if noun.startswith("craft-village"):
        return CraftVillage.objects.first().pk
    if noun.startswith("product"):
        return Product.objects.first().pk
    if noun.startswith("programme"):
        return Programme.objects.first().pk
    if noun.startswith("council"):
        of_council = noun.removeprefix("council-") in {"detail", "edit", "member-add", "member-edit", "session-create"}
        return (Council if of_council else CouncilSession).objects.first().pk
    if noun.startswith("budget-year"):
        return unit("96").pk
    if noun.startswith("ministry"):
        return MinistryBatch.objects.first().pk
    if noun.startswith("registration-round"):
        return RegistrationRound.objects.first().pk
    status = STATUS_OF_PAGE.get(name, Status.DRAFT)
    if name == "funding:ledger-reverse":
        project = LedgerEntry.objects.select_related("project").first().project
        Project.objects.filter(pk=project.pk).update(status=status.value, place=unit("31843"))
        return project.pk
    return make_project(created_by=cast[Role.DEPARTMENT_OFFICER], status=status.value, track=Track.LOCAL.value).pk


def _report_object(name, cast):
    """The pk of what belongs to reports or jobs; None for the other addresses."""
    if name.startswith("importing:"):
        return batch_for(name, cast[Role.DEPARTMENT_OFFICER]).pk
    if name.startswith("jobs:"):
        return make_job(cast[Role.SYSTEM_ADMIN]).pk
    if name.startswith("reports:locked"):
        return lock(cast[Role.LEADER]).pk
    if name.startswith(("reports:round", "reports:area-report")):
        return round_object(name.partition(":")[2], cast).pk
    return None


def _address(name, cast):
    values = {}
    for argument in _arguments(ROUTES[name].pattern):
        if argument == "pk":
            values["pk"] = _report_object(name, cast) or _object_for(name, cast)
        elif argument == "item_pk":
            values["item_pk"] = SessionProject.objects.first().pk
        elif argument == "member_pk":
            values["member_pk"] = CouncilMember.objects.first().pk
        elif argument == "equipment_pk":
            part = ProjectBeneficiary.objects.create(project_id=values["pk"], beneficiary=Beneficiary.objects.first())
            values["equipment_pk"] = Equipment.objects.create(participant=part, name="Máy sấy").pk
        elif argument in ("participant_pk", "evaluation_pk"):
            part = ProjectBeneficiary.objects.create(project_id=values["pk"], beneficiary=Beneficiary.objects.first())
            values[argument] = part.pk if argument == "participant_pk" else _evaluation_of(part, cast).pk
        elif argument == "document_pk":
            values["document_pk"] = _document_of(values["pk"], cast).pk
        elif argument == "entry_pk":
            values["entry_pk"] = LedgerEntry.objects.filter(project_id=values["pk"]).first().pk
        else:
            values[argument] = WORDS[argument]
    return reverse(name, kwargs=values) + QUERIES.get(name, "")


def _evaluation_of(part, cast):
    return SupportEvaluation.objects.create(
        participant=part,
        evaluated_on=date(YEAR, 1, 5),
        workers_before=5,
        workers_after=9,
        source_note="Cơ sở báo cáo",
        recorded_by=cast[Role.DEPARTMENT_OFFICER],
        recorded_at=timezone.now(),
    )


def _document_of(project_pk, cast):
    return Document.objects.create(
        project_id=project_pk,
        kind="photo",
        file="projects/x",
        original_name="xuong.png",
        content_type="image/png",
        size_bytes=1,
        sha256="0",
        uploaded_by=cast[Role.DEPARTMENT_OFFICER],
        uploaded_at=timezone.now(),
    )


def _arguments(pattern):
    return [part.partition(":")[2].partition(">")[0] for part in pattern.split("<")[1:]]


def _queries(client, address):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        content_of(response)
    assert response.status_code == 200, (address, response.status_code, getattr(response, "url", ""))
    return len(queries)


def test_there_are_pages_to_walk():
    assert len(PAGES) > 40
    assert get_resolver().reverse_dict


@pytest.mark.parametrize("name", PAGES)
def test_the_number_of_queries_does_not_grow_with_the_rows(client, cast, first_rows, name):
    role = next(role for role in Role if ROUTES[name].access.allows(permissions_of(role)))
    if name in ("programs:project-move",):
        role = Role.DEPARTMENT_OFFICER
    client.force_login(cast[role])
    address = _address(name, cast)
    _queries(client, address)  # caches that live as long as the process
    few = _queries(client, address)
    bench_data.seed(180, years=[YEAR])
    many = _queries(client, address)
    assert many == few
    assert few < MOST.get(name, 40)
