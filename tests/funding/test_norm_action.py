"""Norms at an approval: what binds, what warns, and what is kept."""

import datetime

import pytest
from django.db import DatabaseError, transaction

from funding.actions.approval import approve
from funding.actions.approval_list import approve_list
from funding.models import CostBasis, NormCheck
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import Refused
from programs.actions.project import Paper
from programs.models import MinistryResult
from programs.workflow import Status, Track
from tests.factories import add_participant, make_province, send_to_ministry, unit
from tests.funding.makers import DECIDED, MILLION, PAPER, add_line, appraised_project, give_budget, source
from tests.funding.norms import AFTER, BEFORE, CHANGED, change_of_norm, make_norm

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(local_officer, accountant):
    """90 million are asked for, of a cost of 300 million; the plan has 500 million."""
    give_budget(accountant, 500 * MILLION)
    made = appraised_project(local_officer, 90 * MILLION)
    add_line(made, "DOIUNG", 210 * MILLION)
    return made


def amounts_of(vnd, counterpart=210 * MILLION):
    return {(None, source().pk): vnd, (None, source("DOIUNG").pk): counterpart}


def grant(project, by, vnd=90 * MILLION, day=DECIDED, norm_reason="", amounts=None):
    project.refresh_from_db()
    return approve(
        project_id=project.pk,
        amounts=amounts or amounts_of(vnd),
        by=by,
        version=project.version,
        paper=Paper("15/QĐ-UBND", day),
        norm_reason=norm_reason,
    )


def cell():
    return f"amount_all_{source().pk}"


class TestBeforeAndAfterAChange:
    """The same question on two dates gives the two right answers."""

    def test_the_row_of_the_day_decides(self, project, leader):
        old, new = change_of_norm()
        with pytest.raises(Refused) as refusal:
            grant(project, leader, day=AFTER, norm_reason="Cần thiết")
        assert refusal.value.field == cell()
        for text in (
            "90.000.000 đồng, định mức cho phép 60.000.000 đồng, vượt 30.000.000 đồng",
            "Nghị quyết mới",
            f"dòng số {new.pk}",
            "áp dụng từ 15/07/2025",
            "Ngày quyết định 15/07/2025",
            "Bắt buộc",
        ):
            assert text in refusal.value.message
        assert not NormCheck.objects.exists()
        grant(project, leader, day=BEFORE)
        check = NormCheck.objects.get()
        assert (check.norm, check.is_binding, check.decided_on) == (old, True, BEFORE)
        for text in ("Nghị quyết cũ", f"dòng số {old.pk}", "đến hết 14/07/2025", "Ngày quyết định 14/07/2025"):
            assert text in check.rule

    def test_after_the_change_the_new_row_is_kept(self, project, leader):
        _, new = change_of_norm()
        grant(project, leader, 60 * MILLION, day=CHANGED)
        check = NormCheck.objects.get()
        assert (check.norm, check.is_binding, check.cap_limit_vnd) == (new, True, 60 * MILLION)
        assert "Nghị quyết mới" in check.rule

    def test_the_choice_of_an_older_row_is_the_choice_of_the_norm(self, project, leader):
        old, new = change_of_norm()
        CostBasis.objects.create(project=project, norm=old)
        grant(project, leader, 60 * MILLION, day=CHANGED)
        assert NormCheck.objects.get().norm == new


class TestWhatIsKept:
    def test_figures_rule_and_plan(self, project, leader):
        norm = make_norm()
        grant(project, leader)
        check = NormCheck.objects.get()
        assert (check.project, check.participant, check.source, check.amendment) == (project, None, source(), None)
        assert (check.norm, check.is_binding, check.decided_on) == (norm, True, DECIDED)
        assert (check.eligible_vnd, check.rate_percent) == (300 * MILLION, 50)
        assert (check.rate_limit_vnd, check.cap_limit_vnd) == (150 * MILLION, 100 * MILLION)
        assert (check.plan_remaining_vnd, check.approved_vnd) == (500 * MILLION, 90 * MILLION)
        assert check.override_reason == ""

    def test_one_per_payee_and_only_from_the_budget_of_the_track(self, project, leader):
        make_norm()
        first, second = project.participants.get(), add_participant(project)
        for payee in (first, second):
            add_line(project, "KCDP", 40 * MILLION, participant=payee)
            add_line(project, "HUYEN", 20 * MILLION, participant=payee)
            add_line(project, "DOIUNG", 60 * MILLION, participant=payee)
        amounts = {(payee.pk, source(code).pk): vnd * MILLION for payee in (first, second) for code, vnd in PARTS}
        grant(project, leader, amounts=amounts)
        checks = NormCheck.objects.order_by("participant_id")
        assert [(one.participant, one.source.code) for one in checks] == [(first, "KCDP"), (second, "KCDP")]
        assert {(one.eligible_vnd, one.rate_limit_vnd) for one in checks} == {(120 * MILLION, 60 * MILLION)}

    def test_without_a_norm_on_record_that_is_what_is_kept(self, project, leader):
        grant(project, leader)
        check = NormCheck.objects.get()
        assert (check.norm, check.is_binding, check.rate_limit_vnd, check.cap_limit_vnd) == (None, False, None, None)
        assert check.rule.startswith("Không có định mức nào trong danh mục")

    def test_it_cannot_be_changed_later(self, project, leader):
        grant(project, leader)
        for change in (lambda: NormCheck.objects.update(rule="khác"), lambda: NormCheck.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_a_later_edit_of_the_norm_does_not_change_the_explanation(self, project, leader):
        norm = make_norm()
        grant(project, leader)
        norm.cap_vnd, norm.legal_basis = 1, "Văn bản khác"
        norm.save()
        assert "Nghị quyết thử" in NormCheck.objects.get().rule
        assert NormCheck.objects.get().cap_limit_vnd == 100 * MILLION


PARTS = (("KCDP", 40), ("HUYEN", 20), ("DOIUNG", 60))


class TestBinding:
    def test_the_last_dong_and_not_one_more(self, project, leader):
        make_norm(cap_vnd=80 * MILLION)
        with pytest.raises(Refused, match="vượt 1 đồng"):
            grant(project, leader, 80 * MILLION + 1, norm_reason="Cần thiết")
        project.refresh_from_db()
        assert project.state is Status.APPRAISED
        grant(project, leader, 80 * MILLION)

    def test_a_share_of_the_cost_binds_too(self, project, leader):
        make_norm(cap_vnd=None)
        with pytest.raises(Refused, match=r"định mức cho phép 45.000.000 đồng"):
            grant(project, leader, amounts=amounts_of(90 * MILLION, 0))

    def test_units_cost_and_multiplier_as_stated(self, project, leader):
        norm = make_norm(rate_percent=None, cap_vnd=20 * MILLION, multiplier="1.5", multiplier_note="dây chuyền")
        basis = CostBasis.objects.create(project=project, norm=norm, eligible_vnd=10, unit_count=3)
        with pytest.raises(Refused, match=r"định mức cho phép 60.000.000 đồng"):
            grant(project, leader)
        basis.has_multiplier = True
        basis.save()
        grant(project, leader)
        check = NormCheck.objects.get()
        assert (check.eligible_vnd, check.cap_limit_vnd) == (10, 90 * MILLION)
        assert "20.000.000 × hệ số 1,5 × 3 cơ sở = 90.000.000" in check.rule


class TestWarning:
    @pytest.mark.parametrize(
        ("values", "why"),
        [
            ({"certainty": "unverified"}, "chưa đối chiếu văn bản"),
            ({"valid_from": None}, "chưa rõ ngày áp dụng"),
            ({"certainty": "unverified", "valid_from": None}, "chưa đối chiếu văn bản, chưa rõ ngày áp dụng"),
        ],
    )
    def test_what_only_warns_is_passed_with_a_reason(self, project, leader, values, why):
        norm = make_norm(cap_vnd=50 * MILLION, **values)
        for reason in ("", "  "):
            with pytest.raises(Refused, match=f"vượt 40.000.000 đồng. Chỉ cảnh báo: {why}") as refusal:
                grant(project, leader, norm_reason=reason)
            assert refusal.value.field == "norm_reason"
        grant(project, leader, norm_reason="Máy phải nhập khẩu")
        check = NormCheck.objects.get()
        assert (check.norm, check.is_binding, check.override_reason) == (norm, False, "Máy phải nhập khẩu")
        assert f"Chỉ cảnh báo: {why}." in check.rule
        event = AuditEvent.objects.get(action="approve_money")
        assert event.changes["Lý do vượt định mức"] == [None, "Máy phải nhập khẩu"]

    def test_within_it_nobody_is_asked_and_a_reason_is_not_kept(self, project, leader):
        make_norm(certainty="unverified")
        grant(project, leader, norm_reason="Ghi thừa")
        assert NormCheck.objects.get().override_reason == ""
        assert "Lý do vượt định mức" not in AuditEvent.objects.get(action="approve_money").changes

    def test_two_rows_of_a_norm_contradict_each_other_so_none_binds(self, project, leader):
        first = make_norm(cap_vnd=50 * MILLION)
        second = make_norm(valid_from=None, legal_basis="Văn bản không ngày")
        with pytest.raises(Refused, match="2 dòng cùng áp dụng vào ngày này"):
            grant(project, leader)
        grant(project, leader, norm_reason="Theo mức cao hơn")
        check = NormCheck.objects.get()
        assert (check.norm, check.is_binding, check.cap_limit_vnd) == (None, False, 50 * MILLION)
        for norm in (first, second):
            assert f"dòng số {norm.pk}" in check.rule
            assert norm.legal_basis in check.rule

    def test_no_norm_is_applied_only_with_a_reason(self, project, leader):
        make_norm(cap_vnd=1)
        CostBasis.objects.create(project=project, norm=None)
        with pytest.raises(Refused, match="Không áp dụng định mức") as refusal:
            grant(project, leader)
        assert refusal.value.field == "norm_reason"
        grant(project, leader, norm_reason="Hỗ trợ theo quyết định riêng")
        check = NormCheck.objects.get()
        assert (check.norm, check.is_binding) == (None, False)
        assert check.override_reason == "Hỗ trợ theo quyết định riêng"

    def test_of_two_norms_one_must_be_chosen(self, project, leader):
        make_norm()
        other = make_norm(name="Chuyển giao thử", cap_vnd=70 * MILLION)
        with pytest.raises(Refused, match=r"Chưa chọn định mức .*“Máy thử”; “Chuyển giao thử”"):
            grant(project, leader)
        basis = CostBasis.objects.create(project=project, norm=other)
        with pytest.raises(Refused, match=r"định mức cho phép 70\.000\.000 đồng"):
            grant(project, leader, norm_reason="Cần thiết")
        basis.norm = None
        basis.save()
        grant(project, leader, norm_reason="Cần thiết")

    def test_a_norm_that_has_ended_is_no_way_round_another(self, project, leader):
        ended = make_norm(name="Hết hạn", valid_to=BEFORE)
        make_norm(cap_vnd=1)
        CostBasis.objects.create(project=project, norm=ended)
        with pytest.raises(Refused, match="“Hết hạn” không áp dụng vào ngày 01/08/2025") as refusal:
            grant(project, leader)
        assert refusal.value.field == "norm_reason"

    def test_before_the_first_norm_nothing_limits(self, project, leader):
        make_norm(cap_vnd=1, valid_from=DECIDED + datetime.timedelta(1))
        grant(project, leader)
        assert "Không có định mức nào trong danh mục áp dụng vào ngày 01/08/2025" in NormCheck.objects.get().rule


class TestWhose:
    def test_a_provinces_norm_is_for_its_own_projects(self, project, leader):
        make_norm(cap_vnd=1, province=make_province("92"))
        grant(project, leader)
        assert NormCheck.objects.get().norm is None

    def test_the_own_provinces_norm_binds(self, project, leader):
        make_norm(cap_vnd=1, province=unit("96"))
        with pytest.raises(Refused, match=r"Máy thử”.*Cà Mau"):
            grant(project, leader)

    def test_norms_of_the_other_track_and_of_other_items_do_not_count(self, project, leader):
        make_norm(cap_vnd=1, track=Track.NATIONAL.value)
        make_norm(cap_vnd=1, support_item=type(project.support_item).objects.get(row=9))
        grant(project, leader)
        assert NormCheck.objects.get().norm is None

    def test_the_loaded_norms_only_warn_since_nobody_knows_their_days(self, leader, local_officer, accountant):
        give_budget(accountant, 900 * MILLION, "KCQG")
        national = appraised_project(
            local_officer, 290 * MILLION, "KCQG", track=Track.NATIONAL.value, status=Status.SENT_TO_MINISTRY.value
        )
        send_to_ministry(national, leader, MinistryResult.AGREED)
        amounts = {(None, source("KCQG").pk): 290 * MILLION, (None, source("DOIUNG").pk): 900 * MILLION}
        with pytest.raises(Refused, match=r"định mức cho phép 200\.000\.000 đồng"):
            grant(national, leader, amounts=amounts)
        grant(national, leader, amounts=amounts, norm_reason="Theo Thông tư 28/2018/TT-BTC")
        check = NormCheck.objects.get()
        assert (check.is_binding, check.norm) == (False, None)
        assert "Thông tư 28/2018/TT-BTC" in check.rule
        assert "26/2014/TTLT-BTC-BCT" in check.rule


class TestList:
    def test_one_reason_for_the_list_is_kept_where_it_was_needed(self, leader, local_officer, accountant):
        give_budget(accountant, 500 * MILLION)
        make_norm(rate_percent=None, cap_vnd=50 * MILLION, certainty="unverified")
        over, within = appraised_project(local_officer, 90 * MILLION), appraised_project(local_officer, 40 * MILLION)
        versions = {one.pk: one.version for one in (over, within)}
        with pytest.raises(Refused, match=over.code) as refusal:
            approve_list(versions=versions, by=leader, paper=PAPER)
        assert refusal.value.field == "norm_reason"
        assert not NormCheck.objects.exists()
        approve_list(versions=versions, by=leader, paper=PAPER, norm_reason="Theo biên bản thẩm định")
        kept = dict(NormCheck.objects.values_list("project_id", "override_reason"))
        assert kept == {over.pk: "Theo biên bản thẩm định", within.pk: ""}

    def test_a_binding_norm_stops_the_whole_list(self, leader, local_officer, accountant):
        give_budget(accountant, 500 * MILLION)
        make_norm(rate_percent=None, cap_vnd=50 * MILLION)
        over, within = appraised_project(local_officer, 90 * MILLION), appraised_project(local_officer, 40 * MILLION)
        with pytest.raises(Refused, match=f"{over.code}: .*vượt 40.000.000 đồng"):
            approve_list(
                versions={one.pk: one.version for one in (over, within)}, by=leader, paper=PAPER, norm_reason="Vì vậy"
            )
        assert not NormCheck.objects.exists()
