"""Who joins and leaves with which money, and the versions that an amendment leaves."""

import pytest
from django.db import DatabaseError, connection, transaction

from funding.models import FundingLine
from funding.queries.amendment import amendment_history
from funding.word_context import build
from khuyencong.errors import Refused
from programs.actions.amended_participants import NewParticipant
from programs.models import WordKind
from programs.word.context import Subject
from programs.word.documents import DOCUMENTS
from tests.factories import add_participant, make_beneficiary
from tests.funding.amending import amended, amended_rows, contract, whole
from tests.funding.makers import add_entry, add_line, approved_project, give_budget, source

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(centre_officer):
    return approved_project(centre_officer, 100)


@pytest.fixture
def budget(accountant):
    return give_budget(accountant, 150)


class TestEstablishments:
    def test_one_joins_with_its_amount(self, leader, project, budget):
        new = make_beneficiary(name="Cơ sở Hai Lúa")
        amounts = {**whole(60), (-1, source().pk): 40}
        amendment = amended(project, leader, amounts, added=[NewParticipant(new.pk, "máy sấy")])
        joined = project.participants.get(beneficiary=new)
        assert FundingLine.objects.get(participant=joined).approved_vnd == 40
        assert amendment.lines.get(participant=joined).before_vnd == 0

    def test_one_leaves_with_its_amount(self, leader, project):
        leaver = add_participant(project, make_beneficiary(name="Cơ sở Hai Lúa"))
        add_line(project, requested=50, approved=30, participant=leaver)
        amendment = amended(project, leader, removed=[leaver.pk])
        assert not project.participants.filter(pk=leaver.pk).exists()
        assert FundingLine.objects.get().approved_vnd == 100
        told = [(change["label"].split(" (")[0], change["before"], change["after"]) for change in amendment.changes]
        assert told == [
            ("Được duyệt", "30", None),
            ("Đề nghị", "50", None),
            ("Cơ sở thụ hưởng", "Cơ sở Hai Lúa", None),
        ]

    def test_not_who_was_paid_or_has_a_contract(self, leader, accountant, centre_officer, project):
        paid, signed, *_ = (add_participant(project) for _ in range(3))
        entry = add_entry(project, accountant, 10, participant=paid)
        contract(project, 10, centre_officer, participant=signed)
        for one, text in ((paid, f"chứng từ {entry.voucher_number}"), (signed, "Hợp đồng 01/HĐ")):
            with pytest.raises(Refused, match=text) as refusal:
                amended(project, leader, removed=[one.pk])
            assert refusal.value.field == f"remove_{one.pk}"

    def test_who_stands_in_an_earlier_amendment_is_replaced_instead(self, leader, project, budget):
        leaver = add_participant(project)
        amended(project, leader, {(leaver.pk, source().pk): 20})
        with pytest.raises(Refused, match="Hãy thay bằng cơ sở khác"):
            amended(project, leader, number="21/QĐ", removed=[leaver.pk])
        other = make_beneficiary(name="Cơ sở Hai Lúa")
        amended(project, leader, number="22/QĐ", replaced={leaver.pk: other.pk})
        assert FundingLine.objects.get(participant__beneficiary=other).approved_vnd == 20

    @pytest.mark.parametrize("who", ["paid", "signed"])
    def test_nobody_takes_the_part_of_who_was_paid_or_has_a_contract(
        self, who, leader, accountant, centre_officer, project
    ):
        participant = project.participants.get()
        if who == "paid":
            add_entry(project, accountant, 10, participant=participant)
        else:
            contract(project, 10, centre_officer, participant=participant)
        with pytest.raises(Refused) as refusal:
            amended(project, leader, replaced={participant.pk: make_beneficiary().pk})
        assert refusal.value.field == f"replace_{participant.pk}"


class TestVersions:
    def test_the_money_as_approved_is_found_by_walking_back(self, leader, centre_officer, project, budget):
        signed = contract(project, 90, centre_officer)
        first = project.participants.get()
        leaver = add_participant(project, make_beneficiary(name="Cơ sở Hai Lúa"))
        add_line(project, "DOIUNG", 30, 30, participant=leaver)
        before = amendment_history(project, with_money=True).approved
        new = make_beneficiary(name="Cơ sở Tư Tôm")
        amended(project, leader, {**whole(80), (first.pk, source().pk): 20}, contracts={signed.pk: 80})
        amended(project, leader, {(-1, source().pk): 50}, "21/QĐ", added=[NewParticipant(new.pk)])
        amended(project, leader, number="22/QĐ", removed=[leaver.pk], replaced={first.pk: make_beneficiary().pk})
        project.refresh_from_db()
        history = amendment_history(project, with_money=True)
        assert [version.amendment.number for version in history.versions] == [3, 2, 1]
        assert history.approved.money == before.money
        assert history.approved.contracts == before.contracts
        assert sorted(history.approved.participants) == sorted(before.participants)
        assert (history.approved.state_vnd, history.approved.total_vnd) == (100, 130)
        assert sum(row.after_vnd - row.before_vnd for row in amended_rows()) == 50

    def test_amounts_are_hidden_from_who_may_not_see_money(self, leader, project, budget):
        amended(project, leader, whole(120), values={"name": "Tên khác"})
        history = amendment_history(project, with_money=False)
        assert [change.field for change in history.versions[0].changes] == ["name"]
        assert (history.approved.money, history.approved.contracts) == ([], [])

    @pytest.mark.parametrize("sql", ["UPDATE funding_amendedline SET after_vnd = 1", "DELETE FROM funding_amendedline"])
    def test_the_database_refuses_to_change_a_line(self, leader, project, budget, sql):
        amended(project, leader, whole(120))
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_documents_take_the_amended_amounts(leader, centre_officer, project, budget):
    signed = contract(project, 90, centre_officer)
    amended(project, leader, whole(120), contracts={signed.pk: 110})
    values = build(Subject(project, DOCUMENTS[WordKind.CONTRACT], leader))
    assert (values["duyet_ngan_sach"], values["hop_dong_kinh_phi"]) == ("120", "110")
