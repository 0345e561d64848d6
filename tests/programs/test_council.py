"""Hội đồng thẩm định: councils, their members, the criteria that they judge by."""

import datetime

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.urls import reverse

from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.council import (
    COUNCIL_FIELDS,
    MEMBER_FIELDS,
    add_council,
    add_member,
    edit_council,
    edit_member,
    remove_member,
)
from programs.actions.registers import fingerprint
from programs.council_policies import check_can_keep, check_can_keep_councils
from programs.models import Certainty, Council, CouncilMember, CouncilRole, Criterion
from programs.rules.council import majority, must_explain
from tests.factories import make_organisation, unit
from tests.programs.council import (
    FOUNDED,
    attend,
    council_values,
    judged_session,
    make_council,
    make_session,
    member_values,
)

pytestmark = pytest.mark.django_db
LIST = reverse("programs:council-list")
NEW = reverse("programs:council-create")


def page(name, *args):
    return reverse(f"programs:council-{name}", args=args)


@pytest.fixture
def council(department_officer):
    return make_council(department_officer)


def form(by, **changes):
    values = {"organisation": by.organisation_id, "name": "Hội đồng thẩm định đề án", "decision_number": "30/QĐ-SCT"}
    return {**values, "decision_date": "01/08/2025", "quorum": "3", "ended_on": "", **changes}


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], ""),
        (["passed"], "passed"),
        (["passed", "failed"], ""),
        (["passed", "failed", "failed"], "failed"),
        (["passed", "passed", "failed", "supplement"], ""),
    ],
)
def test_a_majority_is_more_than_half(verdicts, expected):
    assert majority(verdicts) == expected


def test_a_conclusion_is_explained_unless_it_passes_with_the_majority():
    assert not must_explain("passed", ["passed", "passed", "failed"], passed="passed")
    assert must_explain("passed", ["passed", "failed"], passed="passed")
    assert must_explain("failed", ["failed", "failed"], passed="passed")


def test_the_department_records_a_council_and_its_members(client, department_officer):
    client.force_login(department_officer)
    assert client.get(LIST).status_code == client.get(NEW).status_code == 200
    assert client.post(NEW, form(department_officer)).status_code == 302
    council = Council.objects.get()
    assert (council.quorum, council.decision_date) == (3, FOUNDED)
    event = AuditEvent.objects.get(action="council_add")
    assert (event.document_number, event.place_id) == ("30/QĐ-SCT", unit("96").pk)
    add = page("member-add", council.pk)
    assert client.get(add).status_code == 200
    sent = {"full_name": "Nguyễn Văn An", "title": "Phó Giám đốc", "role": "chair", "position": "1"}
    assert client.post(add, sent).status_code == 302
    second = client.post(add, sent | {"full_name": "Trần Văn Hai"})
    assert second.status_code == 422
    assert second.context["form"].errors["role"] == ["Hội đồng đã có Chủ tịch."]
    assert "Trần Văn Hai" in second.content.decode()
    assert "Nguyễn Văn An" in client.get(page("detail", council.pk)).content.decode()
    assert AuditEvent.objects.filter(action="council_member_add").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quorum": "0"}, "quorum"),
        ({"quorum": ""}, "quorum"),
        ({"ended_on": "31/07/2025"}, "ended_on"),
        ({"decision_date": "31/02/2025"}, "decision_date"),
        ({"organisation": "987654"}, "organisation"),
        ({"decision_number": "21/QĐ-SCT"}, "decision_number"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, department_officer, council, changes, field):
    client.force_login(department_officer)
    response = client.post(NEW, form(department_officer, name="Tên đã gõ", **changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "Tên đã gõ" in response.content.decode()
    assert Council.objects.count() == 1


def test_a_council_is_edited_ended_and_not_overwritten(client, department_officer, council):
    client.force_login(department_officer)
    version = fingerprint(council, COUNCIL_FIELDS)
    sent = form(department_officer, decision_number="21/QĐ-SCT", quorum="2", ended_on="31/12/2025", version=version)
    address = page("edit", council.pk)
    assert "21/QĐ-SCT" in client.get(address).content.decode()
    assert client.post(address, sent).status_code == 302
    changes = AuditEvent.objects.get(action="council_edit").changes
    assert changes == {"Hết nhiệm vụ sau ngày": [None, "2025-12-31"]}
    assert client.post(address, sent | {"ended_on": ""}).status_code == 409
    assert client.get(LIST, {"tinh_trang": "het"}).context["listing"].paginator.count == 1
    assert client.get(LIST, {"tinh_trang": "dang"}).context["listing"].paginator.count == 0


def test_a_council_keeps_holding_its_sessions(department_officer, council):
    make_session(department_officer, council=council)
    version = fingerprint(council, COUNCIL_FIELDS)
    for change, field in (
        ({"decision_date": datetime.date(2025, 9, 11)}, "decision_date"),
        ({"ended_on": datetime.date(2025, 9, 9)}, "ended_on"),
        ({"organisation": make_organisation(unit("96"))}, "organisation"),
    ):
        values = council_values(department_officer, **change)
        with pytest.raises(Refused) as refusal:
            edit_council(council_id=council.pk, values=values, by=department_officer, version=version)
        assert refusal.value.field == field


def test_the_quorum_stays_once_a_session_was_closed_with_it(department_officer):
    from programs.actions.council_close import close_session
    from programs.actions.project import Paper
    from tests.programs.council import MINUTED, PASSED

    session, _ = judged_session(department_officer, [PASSED])
    close_session(session_id=session.pk, minutes=Paper("1/BB", MINUTED), by=department_officer, version=session.version)
    version = fingerprint(session.council, COUNCIL_FIELDS)
    with pytest.raises(Refused) as refusal:
        edit_council(
            council_id=session.council_id,
            values=council_values(department_officer, quorum=1),
            by=department_officer,
            version=version,
        )
    assert refusal.value.field == "quorum"


def test_members_change_until_a_session_has_used_them(client, department_officer, council):
    client.force_login(department_officer)
    member = council.members.get(role=CouncilRole.MEMBER)
    address = page("member-edit", council.pk, member.pk)
    version = fingerprint(member, MEMBER_FIELDS)
    sent = {"full_name": "Lê Văn Cường", "title": "Sở Tài chính", "role": "member", "position": "2", "version": version}
    assert client.get(address).status_code == 200
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent).status_code == 409
    attend(make_session(department_officer, council=council), department_officer)
    used = client.post(address, sent | {"version": fingerprint(CouncilMember.objects.get(pk=member.pk), MEMBER_FIELDS)})
    assert used.status_code == 422
    assert "đã được ghi trong một phiên họp" in used.content.decode()
    client.post(page("member-remove", council.pk, member.pk))
    assert council.members.count() == 4
    with pytest.raises(Refused, match="phiên họp"):
        remove_member(member_id=member.pk, by=department_officer)


def test_an_unused_member_is_removed_once(client, department_officer, council):
    client.force_login(department_officer)
    member = council.members.get(role=CouncilRole.MEMBER)
    address = page("member-remove", council.pk, member.pk)
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 404
    assert AuditEvent.objects.get(action="council_member_remove").changes == {
        "Thành viên": ["Lê Văn Cường, Ủy viên", None]
    }
    with pytest.raises(Refused, match="không còn"):
        remove_member(member_id=member.pk, by=department_officer)


def test_others_look_and_do_not_write(client, cast, council):
    leader = cast[Role.LEADER]
    client.force_login(leader)
    assert str(council) in client.get(LIST).content.decode()
    shown = client.get(page("detail", council.pk)).content.decode()
    assert "Nguyễn Văn An" in shown
    assert page("member-add", council.pk) not in shown
    assert client.get(NEW).status_code == client.post(page("edit", council.pk), {}).status_code == 403
    with pytest.raises(NotAllowed):
        check_can_keep(leader, council)
    with pytest.raises(NotAllowed):
        add_council(values=council_values(leader), by=leader)
    with pytest.raises(NotAllowed):
        add_member(council_id=council.pk, values=member_values("X", CouncilRole.MEMBER), by=leader)


def test_another_province_sees_nothing_and_changes_nothing(client, stranger, department_officer, council):
    client.force_login(stranger)
    member = council.members.first()
    assert str(council) not in client.get(LIST).content.decode()
    assert client.get(page("detail", council.pk)).status_code == 404
    for address in (
        page("edit", council.pk),
        page("member-add", council.pk),
        page("member-edit", council.pk, member.pk),
        page("member-remove", council.pk, member.pk),
        page("session-create", council.pk),
    ):
        assert client.post(address, {}).status_code == 404
    theirs = client.post(NEW, form(stranger, organisation=department_officer.organisation_id))
    assert "organisation" in theirs.context["form"].errors
    with pytest.raises(NotAllowed):
        check_can_keep_councils(stranger, unit("96").pk)
    with pytest.raises(NotAllowed):
        edit_member(member_id=member.pk, values={}, by=stranger, version="")
    with pytest.raises(NotAllowed):
        edit_council(council_id=council.pk, values={}, by=stranger, version="")


def test_what_passes_the_check_and_not_the_database(department_officer, council, monkeypatch):
    monkeypatch.setattr("programs.actions.council._check_one_chair", lambda *args, **kwargs: None)
    with pytest.raises(Refused) as refusal:
        add_member(council_id=council.pk, values=member_values("Hai", CouncilRole.CHAIR), by=department_officer)
    assert refusal.value.field == "role"
    with pytest.raises(IntegrityError):
        CouncilMember.objects.create(council=council, full_name="Ba", role="chair")


def test_a_stale_member_form_is_overtaken(department_officer, council):
    member = council.members.first()
    with pytest.raises(Overtaken):
        edit_member(
            member_id=member.pk,
            values=member_values("Khác", CouncilRole.CHAIR),
            by=department_officer,
            version="cũ",
        )


def test_the_criteria_are_loaded_once_unverified_and_left_to_the_administrator(reference):
    assert Criterion.objects.count() == 6
    assert set(Criterion.objects.values_list("certainty", flat=True)) == {Certainty.UNVERIFIED}
    assert all("chưa đối chiếu" in one.legal_basis for one in Criterion.objects.all())
    Criterion.objects.filter(position=1).update(name="Tên do quản trị viên sửa")
    Criterion.objects.get(position=6).delete()
    call_command("load_reference", verbosity=0)
    assert Criterion.objects.count() == 5
    assert Criterion.objects.get(position=1).name == "Tên do quản trị viên sửa"


def test_criteria_are_kept_in_the_admin_with_an_event(client, system_admin, department_officer):
    client.force_login(system_admin)
    address = reverse("admin:programs_criterion_add")
    sent = {
        "name": "Tiêu chí thêm",
        "track": "",
        "position": "9",
        "legal_basis": "Quyết định",
        "certainty": "confirmed",
    }
    assert client.post(address, sent | {"valid_from": "", "valid_to": ""}).status_code == 302
    assert AuditEvent.objects.filter(action="admin_add", object_label="Tiêu chí thêm").exists()
    client.force_login(department_officer)
    assert client.post(address, sent).status_code == 403
