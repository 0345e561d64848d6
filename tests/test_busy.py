"""A database that is locked for too long is told as such; every other fault stays a fault."""

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from khuyencong.accounts.permissions import Permission
from khuyencong.busy import is_busy
from khuyencong.jobs import registry
from khuyencong.jobs.actions import start_job
from khuyencong.jobs.models import JobState
from khuyencong.jobs.runner import BUSY
from programs.views import craft_village


@pytest.fixture
def page_after(client, department_officer, monkeypatch):
    def open_page(error):
        def fail(*args, **kwargs):
            raise error

        client.force_login(department_officer)
        client.raise_request_exception = False
        monkeypatch.setattr(craft_village, "ListPage", fail)
        return client.get(reverse("programs:craft-village-list"))

    return open_page


@pytest.mark.django_db
def test_locked_is_busy(page_after):
    response = page_after(OperationalError("database is locked"))
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert "Cổng đang bận" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError("disk I/O error"), ValueError("database is locked")])
def test_other_faults_are_not(page_after, error):
    response = page_after(error)
    assert response.status_code == 500
    assert "Lỗi hệ thống" in response.content.decode()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_lock_that_is_not_given():
    """As PostgreSQL's own driver says it."""
    with connection.cursor() as cursor, pytest.raises(OperationalError) as caught:
        cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$")
    assert is_busy(caught.value)


@pytest.mark.django_db
def test_long_work_says_it_too(department_officer, monkeypatch, django_capture_on_commit_callbacks):
    def fail(progress):
        raise OperationalError("database is locked")

    monkeypatch.setitem(registry._KINDS, "test-busy", registry.Kind("test-busy", Permission.HOME, fail))
    with django_capture_on_commit_callbacks(execute=True):
        job = start_job(kind="test-busy", title="Ghi", arguments={}, by=department_officer)
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, BUSY)
