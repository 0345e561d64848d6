"""Long files: checked, written and taken back by jobs; two people at once."""

import pytest

from khuyencong.importing import checking
from khuyencong.importing.actions import check, correct
from khuyencong.importing.actions.apply import apply_batch
from khuyencong.importing.models import BatchState, ImportBatch
from khuyencong.importing.views import apply as apply_views
from khuyencong.importing.views import common
from khuyencong.jobs.models import Job, JobState
from programs.models import Partner
from tests.at_once import at_once, won_and_refused
from tests.importing.room import as_upload, checked, partner_kind, partners, text_of, url
from tests.responses import content_of

__all__ = ["partner_kind"]
NAMES = [f"Hội {number}" for number in range(7)]


@pytest.fixture
def long_from_three(monkeypatch):
    """Files of more than three rows are long, and worked on two rows at a time."""
    for module in (check, correct, common, apply_views):
        monkeypatch.setattr(module, "DIRECT_ROWS", 3)
    monkeypatch.setattr(checking, "PORTION", 2)
    monkeypatch.setattr(checking.portions, "__defaults__", (2,))


def last_job():
    job = Job.objects.latest("pk")
    assert job.state == JobState.DONE, job.message
    return job


@pytest.mark.django_db
def test_a_long_file_goes_by_jobs(
    client, partner_kind, local_officer, long_from_three, django_capture_on_commit_callbacks
):
    client.force_login(local_officer)
    client.post(url("batch-create"), {"kind": "hoi-thu", "file": as_upload(partners(*NAMES))})
    batch = ImportBatch.objects.get()
    columns = {f"c{place}": name for place, name in batch.columns.items()}
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(url("batch-map", batch.pk), {**columns, "version": batch.version})
    assert response.url == f"/viec-chay-lau/{last_job().pk}/"
    assert (last_job().done, last_job().result_url) == (7, url("batch-detail", batch.pk))
    batch.refresh_from_db()
    assert (batch.state, batch.counts) == (BatchState.CHECKED, {"new": 7})
    page = text_of(client.get(url("batch-apply", batch.pk)))
    assert "xem tiến độ" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("batch-apply", batch.pk), {"version": batch.version, "do": "tat-ca"})
    batch.refresh_from_db()
    assert batch.state == BatchState.APPLIED
    assert Partner.objects.filter(name__in=NAMES).count() == 7
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("batch-undo", batch.pk), {"version": batch.version})
    batch.refresh_from_db()
    assert batch.state == BatchState.UNDONE
    assert not Partner.objects.filter(name__in=NAMES).exists()


@pytest.mark.django_db
def test_a_correction_of_a_long_file_is_checked_again_by_a_job(
    client, partner_kind, local_officer, long_from_three, django_capture_on_commit_callbacks
):
    batch = checked(partner_kind, partners(*NAMES, "Hội 1"), local_officer)
    assert batch.counts == {"new": 7, "duplicate": 1}
    client.force_login(local_officer)
    client.post(url("row-edit", batch.pk, 11), {"t_name": "Hội 8", "t_contact": "Bà Sáu", "version": batch.version})
    page = text_of(client.get(url("batch-detail", batch.pk)))
    assert "Chờ kiểm tra lại" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("batch-recheck", batch.pk))
    batch.refresh_from_db()
    assert batch.counts == {"new": 8}


@pytest.mark.django_db
def test_a_long_export_goes_by_a_job(client, partner_kind, local_officer, settings, django_capture_on_commit_callbacks):
    settings.EXPORT_DIRECT_ROWS = 2
    Partner.objects.bulk_create(Partner(name=name) for name in NAMES)
    client.force_login(local_officer)
    assert "cần vài phút" in text_of(client.get(url("rows-export", "hoi-thu")))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("rows-export", "hoi-thu"))
    content = content_of(client.get(f"/viec-chay-lau/{last_job().pk}/tai-ve/"))
    batch = checked(partner_kind, content, local_officer)
    assert batch.counts == {"equal": Partner.objects.count()}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_at_once_one_wins(partner_kind, local_officer):
    batch = checked(partner_kind, partners(*NAMES), local_officer)

    def write():
        return apply_batch(batch_id=batch.pk, only_good=False, version=batch.version, by=local_officer)

    assert "vừa được người khác" in won_and_refused(at_once(write, write))
    assert Partner.objects.filter(name__in=NAMES).count() == 7
    assert batch.objects_written.count() == 7
