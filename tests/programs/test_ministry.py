"""Batches sent to the Ministry: what is sent, all or nothing, and the pages around it."""

import datetime
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import broken_links
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.ministry import BATCH_LIMIT, send_batch
from programs.actions.project import Paper
from programs.models import MinistryBatch, MinistryBatchProject, MinistryResult, Project, Step
from programs.workflow import Action, Status, Track
from tests.factories import add_participant, make_project, send_to_ministry, unit
from tests.responses import content_of

pytestmark = pytest.mark.django_db
LIST, NEW = "/dot-gui-bo/", "/dot-gui-bo/moi/"
PAPER = Paper("12/TTr-SCT", datetime.date(2026, 2, 5))
TYPED = {"document_number": "12/TTr-SCT", "document_date": "05/02/2026", "note": ""}


def appraised(user, **values):
    values = {"track": Track.NATIONAL.value, "status": Status.APPRAISED.value} | values
    return make_project(created_by=user, **values)


def seen(*projects):
    return [f"{project.pk}-{project.version}" for project in projects]


def versions(*projects):
    return {project.pk: project.version for project in projects}


def status_of(project):
    return Project.objects.get(pk=project.pk).state


def nothing_was_sent():
    return not (MinistryBatch.objects.exists() or Step.objects.exists() or AuditEvent.objects.exists())


class TestAction:
    def test_all_go_up_by_one_letter(self, department_officer, local_officer):
        projects = [appraised(local_officer) for _ in range(3)]
        batch = send_batch(versions=versions(*projects), by=department_officer, paper=PAPER, note="Đợt 1")
        assert (batch.year, batch.organisation) == (2026, department_officer.organisation)
        assert set(batch.entries.values_list("project", "result")) == {(project.pk, "") for project in projects}
        assert [status_of(project) for project in projects] == [Status.SENT_TO_MINISTRY] * 3
        assert set(Step.objects.values_list("document_number", "document_date")) == {("12/TTr-SCT", PAPER.date)}
        (event,) = AuditEvent.objects.about(f"ministrybatch:{batch.pk}")
        assert (event.action, event.document_number) == ("ministry_batch_send", "12/TTr-SCT")
        assert set(event.changes) == {project.code for project in projects}
        assert [len(AuditEvent.objects.about(f"project:{project.pk}")) for project in projects] == [1, 1, 1]
        assert list(broken_links(AuditEvent.objects.order_by("pk"))) == []

    @pytest.mark.parametrize(
        ("change", "error", "words"),
        [
            ({"version": 7}, Overtaken, "đã được thay đổi"),
            ({"status": Status.CONFIRMED.value}, Refused, "không thể gửi bộ công thương ở bước này"),
            ({"track": Track.LOCAL.value}, Refused, "không thể gửi bộ công thương ở bước này"),
        ],
    )
    def test_one_that_cannot_go_keeps_all_back(self, department_officer, change, error, words):
        first, second = appraised(department_officer), appraised(department_officer)
        Project.objects.filter(pk=second.pk).update(**change)
        with pytest.raises(error, match=f"{second.code}: .*{words}"):
            send_batch(versions=versions(first, second), by=department_officer, paper=PAPER)
        assert nothing_was_sent()
        assert status_of(first) is Status.APPRAISED

    def test_a_batch_is_of_one_plan_year(self, department_officer):
        first, second = appraised(department_officer), appraised(department_officer, year=2027)
        with pytest.raises(Refused, match="2026, 2027"):
            send_batch(versions=versions(first, second), by=department_officer, paper=PAPER)
        assert nothing_was_sent()

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.DEPARTMENT_OFFICER])
    def test_only_those_who_appraise_send(self, cast, role):
        project = appraised(cast[Role.DEPARTMENT_OFFICER])
        with pytest.raises(NotAllowed):
            send_batch(versions=versions(project), by=cast[role], paper=PAPER)

    def test_another_areas_project_is_not_told_from_a_missing_one(self, stranger, department_officer):
        project = appraised(department_officer)
        with pytest.raises(Refused, match="Không tìm thấy 1 đề án") as refusal:
            send_batch(versions=versions(project), by=stranger, paper=PAPER)
        assert project.code not in refusal.value.message
        assert nothing_was_sent()

    @pytest.mark.parametrize(
        ("paper", "field"),
        [
            (Paper("", PAPER.date), "document_number"),
            (Paper("1", None), "document_date"),
            (Paper("1", datetime.date(2199, 1, 1)), "document_date"),
        ],
    )
    def test_the_letter_is_checked_first(self, department_officer, paper, field):
        project = appraised(department_officer)
        with pytest.raises(Refused) as refusal:
            send_batch(versions=versions(project), by=department_officer, paper=paper)
        assert refusal.value.field == field

    @pytest.mark.parametrize("number", [0, BATCH_LIMIT + 1])
    def test_an_empty_or_endless_list_is_refused(self, department_officer, number):
        with pytest.raises(Refused, match="đề án"):
            send_batch(versions=dict.fromkeys(range(1, number + 1), 1), by=department_officer, paper=PAPER)

    def test_a_project_waits_in_one_batch_at_a_time(self, department_officer):
        project = appraised(department_officer)
        send_to_ministry(project, department_officer)
        with pytest.raises(Refused, match="chưa có kết quả"):
            send_batch(versions=versions(project), by=department_officer, paper=PAPER)
        assert status_of(project) is Status.APPRAISED


class TestChoosing:
    def listed(self, response):
        return [project.code for project in response.context["listing"].page_obj]

    def test_it_lists_the_appraised_national_projects_of_a_year(self, client, department_officer, stranger):
        first, second = appraised(department_officer), appraised(department_officer)
        appraised(department_officer, track=Track.LOCAL.value)
        appraised(department_officer, status=Status.CONFIRMED.value)
        appraised(stranger, place=stranger.organisation.area)
        older = appraised(department_officer, year=2025)
        client.force_login(department_officer)
        assert client.get(NEW).url == f"{NEW}?nam=2026"
        assert self.listed(client.get(f"{NEW}?nam=2026")) == [first.code, second.code]
        assert self.listed(client.get(f"{NEW}?nam=2025")) == [older.code]
        fragment = client.get(f"{NEW}?nam=2026", headers={"HX-Request": "true"}).content.decode()
        assert first.code in fragment
        assert "<html" not in fragment

    def test_with_nothing_to_send_it_says_so(self, client, department_officer):
        client.force_login(department_officer)
        assert "Không có đề án nào chờ gửi Bộ" in client.get(NEW).content.decode()
        response = client.post(NEW, {}, follow=True)
        assert "Chưa đánh dấu đề án nào" in response.content.decode()

    def test_it_shows_first_what_would_happen_to_each(self, client, department_officer, stranger):
        good, local = appraised(department_officer), appraised(department_officer, track=Track.LOCAL.value)
        older, foreign = appraised(department_officer, year=2025), appraised(stranger, place=stranger.organisation.area)
        client.force_login(department_officer)
        response = client.post(NEW, {"de_an": [*seen(good, local, older, foreign), "987654321-1"]})
        assert response.status_code == 200
        why = {one.project.code: " ".join(one.problems) for one in response.context["foreseen"]}
        assert why[good.code] == ""
        assert "không thể gửi bộ công thương" in why[local.code]
        assert "năm kế hoạch 2025" in why[older.code]
        assert (response.context["good"], response.context["missing"]) == (1, 2)
        text = response.content.decode()
        assert f'value="{seen(good)[0]}"' in text
        assert f'value="{seen(local)[0]}"' not in text
        assert foreign.code not in text
        assert nothing_was_sent()

    def test_sending_leads_to_the_batch(self, client, department_officer):
        projects = [appraised(department_officer) for _ in range(2)]
        client.force_login(department_officer)
        response = client.post(NEW, {"de_an": seen(*projects), "do": "1"} | TYPED)
        batch = MinistryBatch.objects.get()
        assert response.url == f"{LIST}{batch.pk}/"
        assert batch.entries.count() == 2
        # The same page sent twice sends once.
        again = client.post(NEW, {"de_an": seen(*projects), "do": "1"} | TYPED)
        assert again.status_code == 409
        assert MinistryBatch.objects.count() == 1

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"document_number": " "}, "document_number"),
            ({"document_date": "31/02/2026"}, "document_date"),
            ({"document_date": "01/01/2199"}, "document_date"),
        ],
    )
    def test_what_was_typed_is_kept(self, client, department_officer, changes, field):
        project = appraised(department_officer)
        client.force_login(department_officer)
        response = client.post(NEW, {"de_an": seen(project), "do": "1"} | TYPED | {"note": "Gửi lần đầu"} | changes)
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
        assert 'value="Gửi lần đầu"' in response.content.decode()
        assert nothing_was_sent()

    def test_a_project_that_was_overtaken_keeps_all_back_and_is_shown_anew(self, client, department_officer):
        first, second = appraised(department_officer), appraised(department_officer)
        form = {"de_an": seen(first, second), "do": "1"} | TYPED
        Project.objects.filter(pk=second.pk).update(version=5)
        client.force_login(department_officer)
        response = client.post(NEW, form)
        assert response.status_code == 409
        assert f'value="{second.pk}-5"' in response.content.decode()
        assert nothing_was_sent()

    def test_the_questions_asked_do_not_grow_with_the_ticks(self, client, department_officer):
        client.force_login(department_officer)
        projects, counts = [appraised(department_officer) for _ in range(60)], []
        client.post(NEW, {"de_an": seen(projects[0])})
        for number in (5, 60):
            with CaptureQueriesContext(connection) as queries:
                response = client.post(NEW, {"de_an": seen(*projects[:number])})
            assert response.context["good"] == number
            counts.append(len(queries))
        assert counts[0] == counts[1] < 15

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.DEPARTMENT_OFFICER])
    def test_others_are_kept_out(self, client, cast, role):
        project = appraised(cast[Role.DEPARTMENT_OFFICER])
        client.force_login(cast[role])
        assert client.get(NEW).status_code == 403
        assert client.post(NEW, {"de_an": seen(project), "do": "1"} | TYPED).status_code == 403
        assert nothing_was_sent()

    def test_too_many_ticks_are_refused(self, client, department_officer):
        client.force_login(department_officer)
        response = client.post(NEW, {"de_an": [f"{n}-1" for n in range(1, BATCH_LIMIT + 2)]}, follow=True)
        assert f"tối đa {BATCH_LIMIT} đề án" in response.content.decode()


class TestFromTheProject:
    def test_the_move_opens_the_batch_page_with_the_project_ticked(self, client, department_officer):
        project = appraised(department_officer)
        client.force_login(department_officer)
        move = reverse("programs:project-move", args=[project.pk, Action.SEND_TO_MINISTRY.value])
        response = client.get(move, follow=True)
        assert response.redirect_chain[-1][0] == f"{NEW}?de_an={seen(project)[0]}"
        assert [one.project for one in response.context["foreseen"]] == [project]
        # A forged move through the common form moves nothing.
        client.post(move, {"version": project.version} | TYPED)
        assert status_of(project) is Status.APPRAISED

    def test_a_project_that_was_sent_leads_to_its_last_batch(self, client, department_officer):
        project = appraised(department_officer, status=Status.SENT_TO_MINISTRY.value)
        send_to_ministry(project, department_officer, MinistryResult.SUPPLEMENT)
        entry = send_to_ministry(project, department_officer)
        client.force_login(department_officer)
        address = reverse("programs:project-ministry", args=[project.pk])
        assert client.get(address).url == f"{LIST}{entry.batch_id}/"

    def test_the_project_page_leads_to_its_batch(self, client, department_officer, leader):
        project = appraised(department_officer, status=Status.SENT_TO_MINISTRY.value)
        send_to_ministry(project, department_officer)
        address = reverse("programs:project-ministry", args=[project.pk])
        for user, shown in ((department_officer, True), (leader, False)):
            client.force_login(user)
            page = client.get(reverse("programs:project-detail", args=[project.pk])).content.decode()
            assert (f'href="{address}"' in page) is shown

    def test_a_project_without_a_batch_says_so(self, client, department_officer):
        project = appraised(department_officer, track=Track.LOCAL.value)
        client.force_login(department_officer)
        response = client.get(reverse("programs:project-ministry", args=[project.pk]), follow=True)
        assert "chưa nằm trong đợt gửi Bộ nào" in response.content.decode()

    def test_what_waits_for_the_ministry_is_a_queue_of_its_own(self, client, department_officer):
        waiting, agreed = (appraised(department_officer, status=Status.SENT_TO_MINISTRY.value) for _ in range(2))
        send_to_ministry(waiting, department_officer)
        send_to_ministry(agreed, department_officer, MinistryResult.AGREED)
        client.force_login(department_officer)
        (board,) = (one for one in client.get("/").context["work"] if one["queue"].key == "ket-qua-bo")
        ((project, buttons),) = board["rows"]
        assert project == waiting
        assert [button.url for button in buttons] == [reverse("programs:project-ministry", args=[waiting.pk])]


class TestPages:
    def test_the_list_is_scoped_and_counted(self, client, department_officer, auditor, stranger):
        sent = [appraised(department_officer, status=Status.SENT_TO_MINISTRY.value) for _ in range(3)]
        batch = send_to_ministry(sent[0], department_officer).batch
        send_to_ministry(sent[1], department_officer, MinistryResult.AGREED, batch)
        withdrawn = appraised(department_officer, status=Status.WITHDRAWN.value)
        send_to_ministry(withdrawn, department_officer, "", batch)
        foreign = send_to_ministry(appraised(stranger, place=stranger.organisation.area), stranger).batch
        client.force_login(auditor)
        (row,) = client.get(LIST).context["listing"].page_obj
        assert (row.pk, row.project_count, row.agreed_count, row.waiting_count) == (batch.pk, 3, 1, 1)
        assert list(client.get(f"{LIST}?nam=2026").context["listing"].page_obj) == [batch]
        assert client.get(f"{LIST}{batch.pk}/").status_code == 200
        for address in (f"{LIST}{foreign.pk}/", f"{LIST}{foreign.pk}/xuat-excel/"):
            assert client.get(address).status_code == 404
        assert "Lập đợt gửi Bộ" not in client.get(LIST).content.decode()

    def test_the_workbook_for_signature(self, client, department_officer, local_officer):
        first, second = appraised(local_officer), appraised(local_officer, place=unit("31972"))
        for _ in range(2):
            add_participant(first)
        batch = send_batch(versions=versions(first, second), by=department_officer, paper=PAPER)
        client.force_login(department_officer)
        response = client.get(f"{LIST}{batch.pk}/xuat-excel/")
        sheet = load_workbook(BytesIO(content_of(response))).active
        cells = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
        text = "\n".join(str(cell) for row in cells for cell in row)
        for wanted in ("SỞ CÔNG THƯƠNG", "12/TTr-SCT", "05/02/2026", first.name, second.name, "NGƯỜI LẬP BIỂU"):
            assert wanted in text
        assert "KCQG" in text  # the money that funding adds
        (row,) = (row for row in sheet.iter_rows(values_only=True) if row[1] == first.code)
        assert row[6] == 2

    def test_the_menu_leads_there(self, client, department_officer):
        client.force_login(department_officer)
        assert f'href="{LIST}"' in client.get("/").content.decode()


def test_the_newest_entry_counts(department_officer):
    project = appraised(department_officer, status=Status.SENT_TO_MINISTRY.value)
    send_to_ministry(project, department_officer, MinistryResult.AGREED)
    assert MinistryBatchProject.objects.agreed().count() == 1
    send_to_ministry(project, department_officer)
    assert not MinistryBatchProject.objects.agreed().exists()
    assert MinistryBatchProject.objects.waiting().count() == 1
    assert timezone.localdate() >= PAPER.date
