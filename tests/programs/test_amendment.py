"""Amending an approved project: who may, by which decision, and what each version keeps."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from khuyencong.accounts.permissions import Permission, Role, permissions_of
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.amended_participants import NewParticipant
from programs.actions.amendment import Content, Decision, amend_project
from programs.actions.indicator import Figure
from programs.models import Amendment, BudgetSide, IndicatorValue, ResultIndicator
from programs.policies import check_can_amend
from programs.queries.amendment import as_approved, project_state
from programs.workflow import AMENDABLE, Status
from tests.factories import add_participant, make_beneficiary, make_project, unit

pytestmark = pytest.mark.django_db
APPROVED = datetime.date(2025, 8, 1)
LATER = datetime.date(2025, 9, 1)


def decision(number="20/QĐ-UBND", date=LATER, effective_from=LATER, reason="Chủ cơ sở thay đổi kế hoạch"):
    return Decision(number, date, effective_from, reason)


def planned(project):
    rows = project.indicators.exclude(planned_value=None)
    return [Figure(row.indicator_id, row.budget, row.year, row.planned_value) for row in rows]


def amend(project, by, values=None, figures=None, with_decision=None, version=None, **parts):
    project.refresh_from_db()
    content = Content(values=values or {}, figures=planned(project) if figures is None else figures, **parts)
    return amend_project(
        project_id=project.pk,
        content=content,
        decision=with_decision or decision(),
        by=by,
        version=project.version if version is None else version,
    )


@pytest.fixture
def project(centre_officer):
    made = make_project(
        created_by=centre_officer,
        name="Máy sấy khô cá",
        objective="Sấy 10 tấn\nmỗi tháng",
        year=2025,
        status=Status.CONTRACTED.value,
        approved_date=APPROVED,
        start_date=datetime.date(2025, 8, 1),
        end_date=datetime.date(2025, 12, 31),
    )
    add_participant(made, make_beneficiary(name="Cơ sở Ba Khía"))
    indicator = ResultIndicator.objects.filter(is_money=False).first()
    IndicatorValue.objects.create(
        project=made, indicator=indicator, budget=BudgetSide.PROVINCIAL, year=2025, planned_value=20
    )
    return made


class TestWhoMay:
    @pytest.mark.parametrize("role", list(Role))
    @pytest.mark.parametrize("status", list(Status))
    def test_only_who_may_amend_and_only_from_approval_to_acceptance(self, cast, role, status):
        project = make_project(created_by=cast[Role.CENTRE_OFFICER], status=status.value)
        may = Permission.PROJECT_AMEND in permissions_of(role)
        assert may is (role is Role.LEADER)
        if may and status in AMENDABLE:
            check_can_amend(cast[role], project)
        else:
            with pytest.raises(Refused) as refusal:
                check_can_amend(cast[role], project)
            assert isinstance(refusal.value, NotAllowed) is not may

    def test_not_outside_the_area(self, leader, project):
        leader.organisation.area = unit("31972")
        leader.organisation.save()
        project.place = unit("31843")
        project.save()
        with pytest.raises(NotAllowed):
            check_can_amend(leader, project)

    def test_the_action_asks_the_policy(self, accountant, leader, project):
        with pytest.raises(NotAllowed):
            amend(project, accountant, {"name": "Khác"})
        project.status = Status.ACCEPTED.value
        project.save()
        with pytest.raises(Refused, match="trước khi nghiệm thu"):
            amend(project, leader, {"name": "Khác"})


class TestVersions:
    def test_fields_change_and_the_version_tells_before_and_after(self, leader, project):
        before = project.version
        amendment = amend(project, leader, {"name": "Máy sấy tôm", "end_date": datetime.date(2026, 3, 31)})
        project.refresh_from_db()
        assert (project.name, project.end_date, project.version) == (
            "Máy sấy tôm",
            datetime.date(2026, 3, 31),
            before + 1,
        )
        assert project.status == Status.CONTRACTED.value
        assert (amendment.number, amendment.decision_number, amendment.recorded_by) == (1, "20/QĐ-UBND", leader)
        assert amendment.changes == [
            {"field": "name", "label": "Tên đề án", "before": "Máy sấy khô cá", "after": "Máy sấy tôm"},
            {"field": "end_date", "label": "Kết thúc", "before": "31/12/2025", "after": "31/03/2026"},
        ]

    def test_one_event_tells_it_all(self, leader, project):
        amend(project, leader, {"name": "Máy sấy tôm"})
        event = AuditEvent.objects.get()
        assert (event.action, event.action_label) == ("amend", "Điều chỉnh lần 1")
        assert event.changes == {
            "Tên đề án": ["Máy sấy khô cá", "Máy sấy tôm"],
            "Áp dụng từ ngày": [None, "01/09/2025"],
        }
        assert (event.document_number, event.document_date) == ("20/QĐ-UBND", LATER)
        assert event.reason == "Chủ cơ sở thay đổi kế hoạch"

    def test_the_project_as_approved_is_found_by_walking_back(self, leader, project):
        approved = project_state(project)
        first = project.participants.get()
        other, third = make_beneficiary(name="Cơ sở Hai Lúa"), make_beneficiary(name="Cơ sở Tư Tôm")
        row = project.indicators.get()
        doubled = [Figure(row.indicator_id, row.budget, row.year, 40)]
        amend(project, leader, {"name": "Tên hai", "objective": ""}, doubled, replaced={first.pk: other.pk})
        new = NewParticipant(third.pk, "máy đóng gói")
        amend(project, leader, {"name": "Tên ba"}, [], decision("21/QĐ"), added=[new])
        amend(project, leader, {}, [], decision("22/QĐ"), removed=[first.pk])
        assert [one.beneficiary for one in project.participants.all()] == [third]
        assert not project.indicators.exists()
        project.refresh_from_db()
        now = project_state(project)
        assert now != approved
        assert as_approved(now, project.amendments.all()) == approved

    def test_figures_are_replaced_and_what_was_achieved_stays(self, leader, project):
        row = project.indicators.get()
        row.achieved_value, row.achieved_date = 5, LATER
        row.save()
        other = ResultIndicator.objects.filter(is_money=False).last()
        amendment = amend(project, leader, figures=[Figure(other.pk, "provincial", 2026, 1200)])
        row.refresh_from_db()
        assert (row.planned_value, row.achieved_value) == (None, 5)
        assert [(change["before"], change["after"]) for change in amendment.changes] == [("20", None), (None, "1.200")]

    def test_nothing_changed_is_refused_and_leaves_nothing(self, leader, project):
        with pytest.raises(Refused, match="Chưa thay đổi nội dung nào"):
            amend(project, leader, {"name": project.name, "objective": project.objective})
        assert not Amendment.objects.exists()
        assert not AuditEvent.objects.exists()

    def test_whoever_looked_at_an_older_version_is_told(self, leader, project):
        seen = project.version
        amend(project, leader, {"name": "Tên hai"})
        with pytest.raises(Overtaken, match="điều chỉnh lần 1 lúc"):
            amend(project, leader, {"name": "Tên ba"}, with_decision=decision("21/QĐ"), version=seen)

    def test_the_period_stays_in_order(self, leader, project):
        with pytest.raises(Refused) as refusal:
            amend(project, leader, {"end_date": datetime.date(2025, 1, 1)})
        assert refusal.value.field == "end_date"

    @pytest.mark.parametrize("sql", ["UPDATE programs_amendment SET reason = 'x'", "DELETE FROM programs_amendment"])
    def test_the_database_refuses_to_change_a_version(self, leader, project, sql):
        amend(project, leader, {"name": "Máy sấy tôm"})
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


class TestDecision:
    @pytest.mark.parametrize(
        ("wrong", "field", "text"),
        [
            ({"number": " "}, "document_number", "Nhập số quyết định"),
            ({"date": None}, "document_date", "Nhập ngày quyết định"),
            ({"effective_from": None}, "effective_from", "Nhập ngày bắt đầu áp dụng"),
            ({"reason": "\n"}, "reason", "lý do"),
            ({"date": APPROVED - datetime.timedelta(1)}, "document_date", "trước ngày phê duyệt đề án 01/08/2025"),
            ({"effective_from": APPROVED - datetime.timedelta(1)}, "effective_from", "trước ngày phê duyệt"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, leader, project, wrong, field, text):
        with pytest.raises(Refused, match=text) as refusal:
            amend(project, leader, {"name": "Khác"}, with_decision=decision(**wrong))
        assert refusal.value.field == field

    @pytest.mark.parametrize("field", ["date", "effective_from"])
    def test_not_from_tomorrow(self, leader, project, field):
        tomorrow = timezone.localdate() + datetime.timedelta(1)
        with pytest.raises(Refused, match="không thể sau hôm nay"):
            amend(project, leader, {"name": "Khác"}, with_decision=decision(**{field: tomorrow}))

    def test_an_earlier_decision_is_overtaken_by_the_later_one(self, leader, project):
        amend(project, leader, {"name": "Tên hai"})
        older = decision("19/QĐ-UBND", LATER - datetime.timedelta(1))
        with pytest.raises(Refused, match="lần điều chỉnh 1 theo quyết định số 20/QĐ-UBND ngày 01/09/2025") as refusal:
            amend(project, leader, {"name": "Tên ba"}, with_decision=older)
        assert refusal.value.field == "document_date"

    def test_a_decision_amends_once(self, leader, project):
        amend(project, leader, {"name": "Tên hai"})
        with pytest.raises(Refused, match="đã ghi ở lần điều chỉnh 1"):
            amend(project, leader, {"name": "Tên ba"}, with_decision=decision("20/qđ-ubnd"))


class TestParticipants:
    def test_somebody_else_takes_the_part(self, leader, project):
        participant, other = project.participants.get(), make_beneficiary(name="Cơ sở Hai Lúa")
        amendment = amend(project, leader, replaced={participant.pk: other.pk})
        participant.refresh_from_db()
        assert participant.beneficiary == other
        (change,) = amendment.changes
        assert (change["before"], change["after"]) == ("Cơ sở Ba Khía", "Cơ sở Hai Lúa")

    def test_nobody_of_another_province(self, leader, project, stranger):
        foreign = make_beneficiary(place=stranger.organisation.area)
        with pytest.raises(NotAllowed):
            amend(project, leader, added=[NewParticipant(foreign.pk)])

    def test_nobody_twice(self, leader, project):
        named, new = project.participants.get().beneficiary, make_beneficiary()
        with pytest.raises(Refused, match="Đã có trong đề án: Cơ sở Ba Khía"):
            amend(project, leader, added=[NewParticipant(named.pk)])
        with pytest.raises(Refused, match="hai lần"):
            amend(project, leader, added=[NewParticipant(new.pk), NewParticipant(new.pk)])

    def test_not_the_last_one(self, leader, project):
        with pytest.raises(Refused, match="ít nhất một cơ sở"):
            amend(project, leader, removed=[project.participants.get().pk])

    def test_not_one_of_another_project(self, leader, project, centre_officer):
        foreign = add_participant(make_project(created_by=centre_officer))
        for parts in ({"removed": [foreign.pk]}, {"replaced": {foreign.pk: make_beneficiary().pk}}):
            with pytest.raises(Refused, match="không thuộc đề án"):
                amend(project, leader, **parts)
