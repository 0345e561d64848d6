"""Sending a statement in, naming its columns, taking it out; who may."""

import datetime

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from funding.models import TreasuryLine, TreasuryStatement
from khuyencong.accounts.models import OrganisationKind
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from tests.factories import make_organisation, make_user, unit
from tests.funding.makers import MILLION
from tests.funding.treasury_files import DAY, FIRST, HEADERS, line, statement, upload, workbook

pytestmark = pytest.mark.django_db
LIST, UPLOAD = reverse("funding:treasury-statement-list"), reverse("funding:treasury-upload")
VIEW = reverse("funding:treasury-reconciliation")


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def send(client, content, name="sao-ke.xlsx", **values):
    data = {"source": "", "from_date": "01/01/2025", "to_date": "31/12/2025", "file": upload(content, name), **values}
    return client.post(UPLOAD, data)


class TestUpload:
    def test_a_good_file_is_recorded_and_opens_the_comparison(self, client, accountant):
        client.force_login(accountant)
        response = send(client, workbook(line(), line("KB2", "UNC-2", "02/09/2025", "1.500.000")))
        assert response.status_code == 302
        assert response.url.startswith(VIEW)
        kept = TreasuryStatement.objects.get()
        assert (kept.organisation, kept.source, kept.original_name) == (accountant.organisation, None, "sao-ke.xlsx")
        assert list(kept.lines.values_list("row_number", "reference", "voucher_number", "paid_date", "amount_vnd")) == [
            (5, "KB1", "UNC-1", DAY, 50 * MILLION),
            (6, "KB2", "UNC-2", datetime.date(2025, 9, 2), 1_500_000),
        ]
        event = AuditEvent.objects.first()
        assert (event.action, event.changes["Số giao dịch"]) == ("treasury_upload", [None, 2])
        assert event.changes["Cộng"] == [None, "51.500.000 đồng"]
        assert event.place_id == accountant.organisation.area_id

    def test_one_wrong_row_keeps_the_whole_file_out(self, client, accountant):
        client.force_login(accountant)
        response = send(client, workbook(line(), line("KB2", day="31/02/2025", amount="x")))
        html = response.content.decode()
        assert response.status_code == 422
        assert "31/02/2025 không có trong lịch" in html
        assert "Chưa ghi dòng nào" in html
        assert 'value="01/01/2025"' in html
        assert not TreasuryStatement.objects.exists()

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "không phải Excel"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "đời cũ"),
            (b"PK\x03\x04hong", "hỏng"),
        ],
    )
    def test_a_file_that_cannot_be_read(self, content, reason, client, accountant):
        client.force_login(accountant)
        response = send(client, content)
        assert response.status_code == 422
        assert reason in response.context["form"].errors["file"][0]

    def test_the_same_file_and_the_same_transaction_are_refused(self, client, accountant):
        client.force_login(accountant)
        content = workbook(line())
        send(client, content)
        again = send(client, content, "khac.xlsx")
        assert again.status_code == 422
        other = send(client, workbook(line(), line("KB7")))
        assert other.status_code == 422
        assert "đã có trong sao kê khác" in other.content.decode()
        assert TreasuryStatement.objects.count() == 1

    def test_the_action_itself_refuses_the_same_file(self, accountant):
        statement(accountant, ("KB1", "", 5))
        with pytest.raises(Refused, match="đã được tải lên") as refusal:
            statement(accountant, ("KB2", "", 5))
        assert refusal.value.field == "file"
        with pytest.raises(Refused, match="sao kê khác"):
            statement(accountant, ("KB1", "", 5), sha256="b")
        assert TreasuryLine.objects.count() == 1

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"to_date": FIRST - datetime.timedelta(days=1)}, "to_date"),
            ({"to_date": datetime.date(2199, 1, 1)}, "to_date"),
            ({"source_id": 987654}, "source"),
        ],
    )
    def test_a_statement_that_cannot_be(self, values, field, accountant):
        with pytest.raises(Refused) as refusal:
            statement(accountant, ("KB1", "", 5), **values)
        assert refusal.value.field == field
        with pytest.raises(Refused, match="không có giao dịch"):
            statement(accountant)

    def test_who_may(self, client, leader, local_officer, accountant):
        for user in (leader, local_officer):
            client.force_login(user)
            assert client.get(UPLOAD).status_code == 403
            assert send(client, workbook(line())).status_code == 403
            with pytest.raises(NotAllowed):
                statement(user, ("KB1", "", 5))
        assert not TreasuryStatement.objects.exists()


class TestColumns:
    def chosen(self, response, **values):
        form = response.context["form"]
        data = {name: form[name].value() for name in form.fields} | {"stage": "columns", "source": ""}
        data |= {"from_date": "01/01/2025", "to_date": "31/12/2025"}
        return {**{name: "" if value is None else value for name, value in data.items()}, **values}

    def test_a_person_names_what_the_headings_do_not(self, client, accountant):
        client.force_login(accountant)
        headers = ("STT", "Mã GD", "CT", "Ngày", "Giá trị", "Nội dung")
        response = send(client, workbook(line(), headers=headers))
        assert response.status_code == 200
        assert response.context["form"]["header"].value() == 4
        assert "Giá trị" in response.content.decode()
        assert not TreasuryStatement.objects.exists()
        refused = client.post(UPLOAD, self.chosen(response))
        assert refused.status_code == 422
        assert "column_amount" in refused.context["form"].errors
        twice = client.post(UPLOAD, self.chosen(response, column_amount="3"))
        assert "chỉ chọn cho một mục" in str(twice.context["form"].errors)
        done = client.post(UPLOAD, self.chosen(response, column_amount="4", column_voucher="2"))
        assert done.status_code == 302
        only = TreasuryLine.objects.get()
        assert (only.reference, only.voucher_number, only.amount_vnd) == ("KB1", "UNC-1", 50 * MILLION)
        assert default_storage.listdir("treasury-pending")[1] == []

    def test_no_header_at_all(self, client, accountant):
        client.force_login(accountant)
        response = send(client, workbook(line(), headers=("a", "b", "c", "d", "e", "f")))
        columns = {f"column_{name}": place for name, place in (("date", "3"), ("amount", "4"))}
        assert client.post(UPLOAD, self.chosen(response, header="99", **columns)).status_code == 422
        assert client.post(UPLOAD, self.chosen(response, header="4", **columns)).status_code == 302

    def test_another_persons_or_a_replaced_file_is_not_taken(self, client, accountant):
        client.force_login(accountant)
        response = send(client, workbook(line(), headers=("a", "b", "c", "Ngày", "Số tiền", "f")))
        forged = self.chosen(response, digest="0" * 64)
        assert client.post(UPLOAD, forged).url == UPLOAD
        other = make_user(Role.ACCOUNTANT, make_organisation(unit("96"), kind=OrganisationKind.DEPARTMENT))
        client.force_login(other)
        assert client.post(UPLOAD, self.chosen(response)).url == UPLOAD
        assert not TreasuryStatement.objects.exists()


class TestRemoval:
    def test_a_wrong_statement_is_taken_out_with_a_reason(self, client, accountant):
        kept = statement(accountant, ("KB1", "", 10))
        client.force_login(accountant)
        address = reverse("funding:treasury-remove", args=[kept.pk])
        assert client.get(address).status_code == 200
        assert client.post(address, {"reason": " "}).status_code == 422
        assert client.post(address, {"reason": "Tải nhầm nguồn"}).status_code == 302
        assert not TreasuryLine.objects.exists()
        event = AuditEvent.objects.first()
        assert (event.action, event.reason, event.changes["Số giao dịch"]) == (
            "treasury_remove",
            "Tải nhầm nguồn",
            [1, None],
        )
        assert statement(accountant, ("KB1", "", 10))

    def test_only_the_office_itself(self, client, accountant, stranger, leader):
        kept = statement(accountant, ("KB1", "", 10))
        address = reverse("funding:treasury-remove", args=[kept.pk])
        beside = make_user(Role.ACCOUNTANT, make_organisation(unit("96"), kind=OrganisationKind.DEPARTMENT))
        foreign = make_user(Role.ACCOUNTANT, make_organisation(stranger.organisation.area))
        for user, status in ((leader, 403), (beside, 403), (foreign, 404)):
            client.force_login(user)
            assert client.post(address, {"reason": "x"}).status_code == status
        assert TreasuryStatement.objects.exists()


def test_the_headers_of_the_tests_are_those_of_a_statement():
    assert len(HEADERS) == len(line())
