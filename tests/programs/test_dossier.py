"""Which papers a dossier needs and which are missing: the query, the checks, the reference rows."""

import datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from khuyencong.errors import Refused
from programs.actions.project import move
from programs.checks import problems_before, run_checks, warnings_before
from programs.dossier_reference import REQUIREMENTS, load_dossier_requirements
from programs.models import Certainty, Document, DocumentKind, DossierRequirement, ProjectKind, SupportItem
from programs.queries.dossier import When, missing_before, project_dossier, read_together, ruling_day
from programs.workflow import Action, Status, Track
from tests.factories import add_participant, make_beneficiary, make_project

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def no_rows(reference):
    DossierRequirement.objects.all().delete()


@pytest.fixture
def project(local_officer):
    return make_project(created_by=local_officer)


def ask(kind=DocumentKind.APPLICATION, action=Action.SUBMIT, **values):
    defaults = {"supplied_by": "beneficiary", "legal_basis": "TT 36/2013/TT-BCT", "certainty": Certainty.CONFIRMED}
    return DossierRequirement.objects.create(document_kind=kind, before_action=action.value, **{**defaults, **values})


def attach(project, kind=DocumentKind.APPLICATION, participant=None):
    return Document.objects.create(
        project=project,
        kind=kind,
        participant=participant,
        file="projects/x",
        original_name="x.pdf",
        content_type="application/pdf",
        size_bytes=1,
        sha256="0",
        uploaded_by=project.created_by,
        uploaded_at=timezone.now(),
    )


def standing(project):
    return [[line.is_present for line in row.lines] for row in project_dossier(project).rows]


def test_a_paper_of_the_project_is_there_once_somebody_attached_it(project):
    ask()
    assert standing(project) == [[False]]
    attach(project, DocumentKind.PHOTO)
    assert standing(project) == [[False]]
    attach(project)
    assert standing(project) == [[True]]


def test_each_establishment_brings_its_own(project):
    ask(per_beneficiary=True)
    first, second = add_participant(project), add_participant(project)
    attach(project)  # of the whole project: of two establishments it is nobody's
    assert standing(project) == [[False, False]]
    attach(project, participant=second)
    assert standing(project) == [[False, True]]
    (row,) = missing_before(Action.SUBMIT, project)
    assert [line.participant for line in row.missing] == [first]
    assert row.summary == "Đơn đề nghị hỗ trợ (1 cơ sở)"


def test_a_paper_of_the_whole_project_is_that_of_its_only_establishment(project):
    ask(per_beneficiary=True)
    add_participant(project)
    attach(project)
    assert standing(project) == [[True]]


def test_nothing_is_missing_of_establishments_that_nobody_has_named(project):
    ask(per_beneficiary=True)
    (row,) = project_dossier(project).rows
    assert row.waits_for_participants
    assert missing_before(Action.SUBMIT, project) == []


def test_a_group_project_brings_the_papers_of_those_named_later_before_the_contract(local_officer):
    ask(per_beneficiary=True)
    project = make_project(created_by=local_officer, kind=ProjectKind.GROUP, status=Status.APPROVED.value)
    assert missing_before(Action.SIGN_CONTRACT, project) == []
    add_participant(project)
    assert len(missing_before(Action.SIGN_CONTRACT, project)) == 1
    assert project_dossier(project).rows[0].when is When.NOW
    project.kind = ProjectKind.SPECIFIC
    assert missing_before(Action.SIGN_CONTRACT, project) == []


def test_rows_rule_for_their_content_track_and_days(project):
    today, other = timezone.localdate(), SupportItem.objects.get(row=1)
    ask(DocumentKind.LEGAL, support_item=other)
    ask(DocumentKind.SURVEY, track=Track.NATIONAL.value)
    ask(DocumentKind.COUNCIL, valid_from=today + DAY)
    ask(DocumentKind.OTHER, valid_to=today - DAY)
    ask(DocumentKind.COMMITMENT, support_item=project.support_item, track=project.track, valid_from=today)
    assert [row.requirement.document_kind for row in project_dossier(project).rows] == ["commitment"]


def test_a_project_is_judged_by_the_rules_of_its_approval(local_officer):
    approved = datetime.date(2026, 1, 5)
    project = make_project(created_by=local_officer, status=Status.ACCEPTED.value, approved_date=approved)
    ask(DocumentKind.ACCEPTANCE, Action.LIQUIDATE, valid_from=approved + DAY)
    ask(DocumentKind.PHOTO, Action.LIQUIDATE, valid_to=approved)
    assert ruling_day(project) == approved
    assert [row.requirement.document_kind for row in missing_before(Action.LIQUIDATE, project)] == ["photo"]


def test_a_confirmed_row_rules_over_an_unverified_one_of_the_same_paper(project):
    ask(certainty=Certainty.UNVERIFIED, support_item=project.support_item)
    ask(valid_from=timezone.localdate())
    (row,) = project_dossier(project).rows
    assert row.requirement.binds
    assert warnings_before(Action.SUBMIT, project) == []


def test_a_step_that_the_track_never_takes_asks_for_nothing(project):
    ask(DocumentKind.MINISTRY, Action.SEND_TO_MINISTRY)
    assert project_dossier(project).rows == []


def test_what_this_step_needs_stands_apart_from_what_later_ones_need(local_officer):
    project = make_project(created_by=local_officer, status=Status.CONFIRMED.value)
    ask(DocumentKind.APPLICATION)
    ask(DocumentKind.CONFIRMATION, Action.APPRAISE)
    ask(DocumentKind.CONTRACT, Action.REPORT_PROGRESS)
    dossier = project_dossier(project)
    assert [row.when for row in dossier.rows] == [When.PASSED, When.NOW, When.LATER]
    assert [row.summary for row in dossier.missing_now] == ["Văn bản xác nhận"]
    assert [row.summary for row in dossier.missing_later] == ["Hợp đồng"]


def test_missing_confirmed_papers_refuse_the_move_all_at_once(local_officer, project):
    ask(per_beneficiary=True)
    ask(DocumentKind.SURVEY, supplied_by="centre")
    add_participant(project, make_beneficiary(name="Cơ sở A"))
    add_participant(project, make_beneficiary(name="Cơ sở B"))
    with pytest.raises(Refused) as refusal:
        run_checks(Action.SUBMIT, project)
    assert "Thiếu “Đơn đề nghị hỗ trợ” của Cơ sở A; Cơ sở B. Bên cung cấp: Cơ sở thụ hưởng." in refusal.value.message
    assert "Thiếu “Biên bản khảo sát”. Bên cung cấp: Trung tâm Khuyến công." in refusal.value.message
    with pytest.raises(Refused):
        move(project_id=project.pk, action=Action.SUBMIT, by=local_officer, version=project.version)
    project.refresh_from_db()
    assert project.state is Status.DRAFT


def test_a_complete_dossier_is_no_reason(project):
    ask(per_beneficiary=True)
    attach(project, participant=add_participant(project))
    assert not any("Thiếu" in problem for problem in problems_before(Action.SUBMIT, project))


@pytest.mark.parametrize("action", list(Action))
def test_an_unverified_row_never_refuses_but_is_said(local_officer, action):
    project = make_project(created_by=local_officer, track=Track.NATIONAL.value)
    ask(DocumentKind.SURVEY, action, certainty=Certainty.UNVERIFIED, supplied_by="department")
    assert not any("Thiếu" in problem for problem in problems_before(action, project))
    said = "Thiếu “Biên bản khảo sát”. Bên cung cấp: Sở Công Thương. Căn cứ chưa đối chiếu nên chỉ nhắc."
    assert said in warnings_before(action, project)


def test_a_warning_names_a_few_and_counts_the_rest(project):
    ask(per_beneficiary=True, certainty=Certainty.UNVERIFIED)
    for number in range(7):
        add_participant(project, make_beneficiary(name=f"Cơ sở {number}"))
    (warning,) = warnings_before(Action.SUBMIT, project)
    assert "Cơ sở 4 và 2 cơ sở khác." in warning


def test_the_number_of_queries_is_the_same_for_many(local_officer, project):
    for kind in (DocumentKind.APPLICATION, DocumentKind.LEGAL, DocumentKind.COMMITMENT):
        ask(kind, per_beneficiary=True)
    counts = []
    for more in (2, 40):
        for _ in range(more):
            attach(project, participant=add_participant(project))
        with CaptureQueriesContext(connection) as queries:
            project_dossier(project)
        counts.append(len(queries))
    assert counts == [3, 3]


def test_several_projects_are_read_together(local_officer, project):
    ask(per_beneficiary=True)
    other = make_project(created_by=local_officer)
    attach(project, participant=add_participant(project))
    add_participant(other)
    with CaptureQueriesContext(connection) as queries, read_together([project, other]):
        found = [len(missing_before(Action.SUBMIT, one)) for one in (project, other)]
    assert found == [0, 1]
    assert len(queries) == 3
    with CaptureQueriesContext(connection) as queries:
        missing_before(Action.SUBMIT, other)
    assert len(queries) == 3  # afterwards each is read anew


def test_reference_rows_come_once_and_never_overwrite_an_edit():
    load_dossier_requirements()
    assert DossierRequirement.objects.count() == len(REQUIREMENTS) == 11
    edited = DossierRequirement.objects.get(document_kind="confirmation")
    edited.before_action, edited.certainty = Action.CONFIRM.value, Certainty.CONFIRMED
    edited.save()
    call_command("load_reference", verbosity=0)
    assert DossierRequirement.objects.count() == 11
    edited.refresh_from_db()
    assert (edited.before_action, edited.certainty) == ("confirm", "confirmed")


def test_no_reference_row_binds_and_none_names_an_article():
    load_dossier_requirements()
    rows = list(DossierRequirement.objects.all())
    assert {row.certainty for row in rows} == {"unverified"}
    assert all("chưa đối chiếu" in row.legal_basis and "Điều" not in row.legal_basis for row in rows)
    assert {row.document_kind for row in rows if row.per_beneficiary} == {
        "application",
        "legal",
        "investment_plan",
        "commitment",
    }
    assert {row.document_kind for row in rows if row.track} == {"settlement"}
