"""Asking for long work, doing it inside the request, and clearing away."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from khuyencong.jobs import progress as progress_module
from khuyencong.jobs.actions import REMOVED, clean_jobs, start_job, take_result
from khuyencong.jobs.models import Job, JobState
from khuyencong.jobs.policies import check_can_download, check_can_run
from khuyencong.jobs.registry import UnknownKind, job, kind_of
from khuyencong.jobs.runner import run
from tests.jobs.kinds import RAN
from tests.jobs.makers import finished_job, make_job

pytestmark = pytest.mark.django_db


def ask(by, kind="count-up", **arguments):
    return start_job(kind=kind, title="Đếm các số", arguments=arguments or {"rows": 3}, by=by)


class TestAsking:
    def test_a_job_starts_when_the_transaction_commits(self, accountant, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            with transaction.atomic():
                asked = ask(accountant)
            assert asked.state == JobState.WAITING
            assert RAN == []
        done = Job.objects.get(pk=asked.pk)
        assert (done.state, done.done, done.total, done.file_name) == (JobState.DONE, 3, 3, "cac-so.txt")
        assert done.file.read() == b"0\n1\n2"
        assert done.started_at <= done.finished_at
        done.file.close()

    def test_the_request_is_in_the_audit_trail(self, accountant):
        asked = ask(accountant)
        event = AuditEvent.objects.get(action="job_request")
        assert (event.object_id, event.actor_id, event.changes["Việc"]) == (
            asked.pk,
            accountant.pk,
            [None, asked.title],
        )

    def test_asked_again_while_it_waits_it_is_the_same_job(self, accountant, auditor):
        first = ask(accountant)
        assert ask(accountant).pk == first.pk
        assert AuditEvent.objects.filter(action="job_request").count() == 1
        assert ask(accountant, rows=4).pk != first.pk
        assert ask(auditor).pk != first.pk

    def test_without_the_right_nothing_is_asked_for(self, accountant):
        accountant.is_active = False
        with pytest.raises(NotAllowed):
            ask(accountant)
        assert not Job.objects.exists()

    def test_an_unknown_kind_is_a_mistake_of_the_code(self, accountant):
        with pytest.raises(UnknownKind):
            ask(accountant, kind="khong-co")

    def test_one_kind_is_one_function(self):
        with pytest.raises(ValueError, match="count-up"):
            job("count-up", kind_of("count-up").permission)(lambda progress: None)


class TestRunning:
    def test_a_page_as_the_result(self, accountant):
        asked = make_job(accountant, kind="point", arguments={"url": "/bao-cao/"})
        assert run(asked.pk)
        asked.refresh_from_db()
        assert (asked.state, asked.result_url, bool(asked.file)) == (JobState.DONE, "/bao-cao/", False)

    def test_a_finished_job_is_not_run_again(self, accountant):
        asked = make_job(accountant)
        assert run(asked.pk)
        assert not run(asked.pk)
        assert [asked.pk] == RAN

    @pytest.mark.parametrize(
        ("kind", "words"),
        [("refuse", "Đợt này đã đóng."), ("break-down", "mã việc"), ("want-memory", "bộ nhớ")],
    )
    def test_what_goes_wrong_is_said_in_words(self, kind, words, accountant, caplog, monkeypatch):
        if kind == "want-memory":
            monkeypatch.setattr("tests.jobs.kinds.bytearray", _no_memory, raising=False)
        asked = make_job(accountant, kind=kind, arguments={})
        assert run(asked.pk)
        asked.refresh_from_db()
        assert asked.state == JobState.FAILED
        assert words in asked.message
        assert "secret" not in asked.message
        assert ("secret" in caplog.text) is (kind == "break-down")

    @pytest.mark.parametrize("change", [{"is_active": False}, {"role": "khong-co"}, {"organisation": None}])
    def test_it_runs_with_the_rights_of_that_moment(self, change, accountant):
        asked = make_job(accountant)
        for name, value in change.items():
            setattr(accountant, name, value)
        accountant.save()
        run(asked.pk)
        asked.refresh_from_db()
        assert (asked.state, RAN) == (JobState.FAILED, [])
        assert "không có quyền" in asked.message

    def test_progress_is_written_at_most_once_a_second(self, accountant, django_assert_num_queries, monkeypatch):
        now = [100.0]
        monkeypatch.setattr(progress_module.time, "monotonic", lambda: now[0])
        asked = make_job(accountant, state=JobState.RUNNING)
        progress = progress_module.Inline(asked.pk, accountant)
        with django_assert_num_queries(1):
            for number in range(1000):
                progress.tell(done=number, total=1000)
        now[0] += 1.5
        with django_assert_num_queries(1):
            progress.tell(done=700, message="Đang viết")
        asked.refresh_from_db()
        assert (asked.done, asked.total, asked.percent, asked.message) == (700, 1000, 70, "Đang viết")

    def test_a_total_that_was_guessed_too_low_breaks_nothing(self, accountant):
        asked = make_job(accountant, state=JobState.RUNNING)
        progress = progress_module.Progress(asked.pk, accountant)
        progress.tell(done=12, total=10)
        progress.save()
        asked.refresh_from_db()
        assert (asked.done, asked.total) == (12, 12)


def _no_memory(size):
    raise MemoryError


class TestPolicies:
    def test_who_may_run_and_take(self, accountant, auditor):
        asked = finished_job(accountant)
        check_can_run(accountant, asked.kind)
        check_can_download(accountant, asked)
        with pytest.raises(NotAllowed):
            check_can_download(auditor, asked)
        accountant.role = "khong-co"
        with pytest.raises(NotAllowed):
            check_can_download(accountant, asked)

    def test_there_must_be_a_file(self, accountant):
        with pytest.raises(Refused, match="không còn"):
            take_result(job=make_job(accountant), by=accountant)
        assert not AuditEvent.objects.filter(action="job_download").exists()


class TestCleaning:
    def test_old_results_and_strays_go_and_the_rest_stays(self, accountant, settings, capsys):
        now = timezone.now()
        old, new = finished_job(accountant), finished_job(accountant)
        long_ago = now - datetime.timedelta(days=settings.JOBS_KEEP_DAYS, hours=1)
        Job.objects.filter(pk=old.pk).update(finished_at=long_ago)
        stray = default_storage.save("jobs/0123", ContentFile(b"x"))
        assert clean_jobs(now=now) == 1
        kept = {name for name in (old.file.name, new.file.name, stray) if default_storage.exists(name)}
        assert kept == {new.file.name, stray}
        old.refresh_from_db()
        assert (old.state, bool(old.file), old.message) == (JobState.DONE, False, REMOVED)
        # The stray is as new as the file of a job that is being written; it goes once it is old.
        assert clean_jobs(now=now + datetime.timedelta(days=settings.JOBS_KEEP_DAYS, hours=1)) == 2
        assert not default_storage.exists(stray)
        call_command("clean_jobs")
        assert "Đã xóa 0 tệp" in capsys.readouterr().out

    def test_nothing_to_clean(self):
        assert clean_jobs() == 0
