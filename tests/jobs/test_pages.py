"""The list, the page with its bar, the download: each for the requester only."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.permissions import Permission
from khuyencong.audit.models import AuditEvent
from khuyencong.jobs import registry
from khuyencong.jobs.models import Job, JobState
from khuyencong.jobs.registry import Kind
from tests.jobs.kinds import RAN, count_up
from tests.jobs.makers import finished_job, make_job
from tests.responses import content_of

pytestmark = pytest.mark.django_db
LIST = reverse("jobs:job-list")


def page(job):
    return reverse("jobs:job-detail", args=[job.pk])


def download(job):
    return reverse("jobs:job-download", args=[job.pk])


def html(client, address, **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_shows_ones_own_newest_first_and_pages_them(client, accountant, auditor):
    client.force_login(accountant)
    assert "Bạn chưa có việc chạy lâu nào" in html(client, LIST)
    make_job(auditor, title="Việc của người khác")
    for number in range(30):
        make_job(
            accountant, title=f"Việc thứ {number:02}", created_at=timezone.now() + datetime.timedelta(hours=number)
        )
    text = html(client, LIST)
    assert "Việc của người khác" not in text
    assert text.index("Việc thứ 29") < text.index("Việc thứ 28")
    assert "Việc thứ 04" not in text
    assert "Việc thứ 04" in html(client, LIST + "?page=2")


def test_while_it_runs_the_page_asks_again_and_offers_a_plain_link(client, accountant):
    now = timezone.now()
    job = make_job(
        accountant, state=JobState.RUNNING, done=25, total=100, message="Đang viết", started_at=now, beat_at=now
    )
    client.force_login(accountant)
    text = html(client, page(job))
    assert 'hx-trigger="every 2s"' in text
    assert f'href="{page(job)}">Tải lại' in text
    assert "Đang viết: 25% (25 / 100)" in text
    fragment = html(client, page(job), **{"HX-Request": "true"})
    assert "<html" not in fragment
    assert 'id="job-progress"' in fragment


def test_who_waits_sees_how_many_come_first(client, accountant, auditor):
    now = timezone.now()
    make_job(auditor, created_at=now - datetime.timedelta(seconds=5))
    job = make_job(accountant, created_at=now)
    client.force_login(accountant)
    assert "Còn 1 việc khác phải xong trước" in html(client, page(job))


def test_when_it_has_ended_nothing_is_asked_again(client, accountant):
    client.force_login(accountant)
    text = html(client, page(finished_job(accountant)))
    assert "hx-trigger" not in text
    assert "Tải cac-so.txt" in text
    failed = make_job(accountant, state=JobState.FAILED, message="Đợt này đã đóng.", finished_at=timezone.now())
    text = html(client, page(failed))
    assert "hx-trigger" not in text
    assert "Đợt này đã đóng." in text
    linked = make_job(accountant, state=JobState.DONE, result_url="/bao-cao/", finished_at=timezone.now())
    assert 'href="/bao-cao/">Xem kết quả' in html(client, page(linked))


def test_looking_at_a_forgotten_job_starts_it(client, accountant):
    job = make_job(accountant, created_at=timezone.now() - datetime.timedelta(minutes=5))
    client.force_login(accountant)
    assert "Kết quả đã sẵn sàng" in html(client, page(job))
    assert [job.pk] == RAN


def test_the_result_is_downloaded_under_its_name_and_told(client, accountant):
    job = finished_job(accountant)
    client.force_login(accountant)
    response = client.get(download(job))
    assert content_of(response) == b"0\n1\n2"
    assert response.headers["Content-Disposition"] == 'attachment; filename="cac-so.txt"'
    event = AuditEvent.objects.get(action="job_download")
    assert (event.actor_id, event.object_id, event.changes["Tệp"]) == (accountant.pk, job.pk, [None, "cac-so.txt"])


def test_nobody_else_finds_it_neither_page_nor_fragment_nor_file(client, accountant, department_officer, stranger):
    job = finished_job(accountant)
    for user in (department_officer, stranger):
        client.force_login(user)
        for address in (page(job), download(job)):
            assert client.get(address).status_code == 404
            assert client.get(address, headers={"HX-Request": "true"}).status_code == 404
    assert not AuditEvent.objects.filter(action="job_download").exists()


def test_without_the_right_the_file_is_not_given(client, accountant, monkeypatch):
    job = finished_job(accountant)
    monkeypatch.setitem(registry._KINDS, job.kind, Kind(job.kind, Permission.REFERENCE_EDIT, count_up))
    client.force_login(accountant)
    assert client.get(download(job)).status_code == 403


def test_a_file_that_is_gone_is_404_and_a_post_is_405(client, accountant):
    client.force_login(accountant)
    gone = finished_job(accountant)
    gone.file.storage.delete(gone.file.name)
    assert client.get(download(gone)).status_code == 404
    assert client.get(download(make_job(accountant))).status_code == 404
    assert client.post(download(gone)).status_code == 405
    assert Job.objects.count() == 2
