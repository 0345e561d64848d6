"""Doing the work: in a process of its own, or (JOBS_RUNNER=inline) in the one that asked for it."""

import logging
import subprocess
import sys
import threading

from django.conf import settings
from django.core.files import File
from django.db import connections
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.busy import is_busy
from khuyencong.errors import Refused
from khuyencong.jobs.models import Job, JobState
from khuyencong.jobs.policies import check_can_run
from khuyencong.jobs.progress import Beat, Inline, Progress
from khuyencong.jobs.queue import LOST, claim, fail, hand_out
from khuyencong.jobs.registry import FileResult, Result, kind_of

logger = logging.getLogger(__name__)

ERROR = "Có lỗi khi xử lý, chưa có kết quả. Hãy yêu cầu lại; nếu vẫn lỗi, báo quản trị hệ thống mã việc {pk}."
BUSY = "Cổng đang bận vì có người khác đang ghi cùng dữ liệu, nên việc này chưa được ghi. Hãy yêu cầu lại sau ít phút."
NO_MEMORY = "Việc này cần nhiều bộ nhớ hơn mức cho phép. Hãy lọc bớt dữ liệu rồi yêu cầu lại."
NO_TIME = "Việc này chạy quá {minutes} phút nên đã được dừng. Hãy lọc bớt dữ liệu rồi yêu cầu lại."
STOPPED = "Máy chủ dừng hoặc khởi động lại khi việc đang chạy. Hãy yêu cầu lại."


class Stopped(BaseException):
    """The machine asks the process to end."""


def launch() -> None:
    """Start whatever may start now."""
    if settings.JOBS_RUNNER == "inline":
        while waiting := hand_out():
            for pk in waiting:
                run(pk)
        return
    for pk in hand_out():
        _spawn(pk)


def command_for(pk: int) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_job", str(pk)]


def _spawn(pk: int) -> None:
    # A session of its own: Ctrl-C at a development server, or the end of this web process, does not reach it.
    process = subprocess.Popen(command_for(pk), cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, start_new_session=True)
    threading.Thread(target=_watch, args=(process, pk), name=f"watch-job-{pk}", daemon=True).start()


def _watch(process: "subprocess.Popen[bytes]", pk: int) -> None:
    """Wait for the process, so that one that was killed is known at once and not after a silence."""
    code = process.wait()
    if code == 0:
        return
    logger.error("The process of job %s ended with code %s.", pk, code)
    try:
        fail(pk, LOST)
        launch()  # it could not pass its place on
    finally:
        connections.close_all()


def run(pk: int, *, in_process: bool = False) -> bool:
    """Do the job unless somebody else does; whatever goes wrong is its end, in words. True when it was done here.

    `in_process`: this process is the job's own, so that its progress is written beside it.
    """
    job = claim(pk)
    if job is None:
        return False
    try:
        result = _work(job, in_process)
        _finish(job, result)
    except Refused as refusal:
        fail(pk, refusal.message)
    except MemoryError:
        fail(pk, NO_MEMORY)
    except Stopped:
        fail(pk, STOPPED)
        raise
    except Exception as error:
        logger.exception("Job %s (%s) failed", pk, job.kind)
        fail(pk, BUSY if is_busy(error) else ERROR.format(pk=pk))
    return True


def _work(job: Job, in_process: bool) -> Result:
    # The requester as he is now: an account disabled or moved since then is asked again here.
    user = User.objects.select_related("organisation__area").get(pk=job.requested_by_id)
    check_can_run(user, job.kind)
    kind = kind_of(job.kind)
    if in_process:
        progress = Progress(job.pk, user)
        with Beat(progress, lambda: _out_of_time(job.pk)):
            result = kind.work(progress, **job.arguments)
    else:
        progress = Inline(job.pk, user)
        result = kind.work(progress, **job.arguments)
    progress.save()
    return result


def _out_of_time(pk: int) -> None:
    """Before the process ends itself: why, and its place for the next."""
    fail(pk, NO_TIME.format(minutes=max(round(settings.JOBS_TIME_LIMIT / 60), 1)))
    launch()


def _finish(job: Job, result: Result) -> None:
    """The result on the row. Also where the row was given up meanwhile: the work is done, and says so."""
    values: dict[str, object] = {"state": JobState.DONE, "finished_at": timezone.now(), "message": ""}
    if isinstance(result, FileResult):
        with result.stream as stream:
            stream.seek(0)
            job.file.save(result.name, File(stream), save=False)
        values |= {"file": job.file.name, "file_name": result.name}
    else:
        values["result_url"] = result.url
    Job.objects.filter(pk=job.pk).update(**values)
