"""How far a piece of work is: told by the work, written to its row beside it and never inside its transaction."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.jobs.models import Job, JobState

T = TypeVar("T")
logger = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
BEAT_SECONDS = 5.0  # a sign of life, also while there is nothing new to say
OUT_OF_TIME = 75  # the exit code of a process that has run for too long


class Progress:
    """What the work's function is given. Telling costs nothing: the row is written at most once a second."""

    def __init__(self, pk: int, user: User, write: Callable[["Progress"], None] | None = None) -> None:
        self.pk, self.user = pk, user
        self.done, self.total, self.message = 0, 0, ""
        self._write = write

    def tell(self, *, done: int | None = None, total: int | None = None, message: str | None = None) -> None:
        """Rows done, rows in all (0: not known), the step under way in words; what is left out stays as it was."""
        self.done = self.done if done is None else done
        self.total = self.total if total is None else total
        self.message = self.message if message is None else message
        if self._write is not None:
            self._write(self)

    def counted(self, rows: Iterable[T], total: int | None = None) -> Iterator[T]:
        """The same rows, counted while they pass."""
        self.tell(done=0, total=total)
        for number, row in enumerate(rows, start=1):
            yield row
            self.tell(done=number)

    def save(self) -> None:
        """The row as it is now; a row that has come to an end meanwhile is left alone."""
        # The work goes on behind our back: `done` is read once, and a guess of the total never stands below it.
        done, total = self.done, self.total
        values = {"done": done, "total": max(total, done) if total else 0, "message": self.message[:500]}
        Job.objects.filter(pk=self.pk, state=JobState.RUNNING).update(beat_at=timezone.now(), **values)


class Inline(Progress):
    """For work inside the request that asked for it: written by the same connection."""

    def __init__(self, pk: int, user: User) -> None:
        super().__init__(pk, user, self._now_and_then)
        self._written = 0.0

    def _now_and_then(self, progress: Progress) -> None:
        if time.monotonic() - self._written >= EVERY_SECONDS:
            self._written = time.monotonic()
            self.save()


class Beat:
    """Writes the progress of a process's work from a thread, which has a connection of its own.

    So it is seen while the work holds a transaction, and a long query does not look like death. Where SQLite lets
    nobody write beside the work, a beat is left out. Work that takes longer than JOBS_TIME_LIMIT ends here, with the
    process.
    """

    def __init__(self, progress: Progress, out_of_time: Callable[[], None]) -> None:
        self.progress, self._out_of_time = progress, out_of_time
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"job-{progress.pk}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        started = written = time.monotonic()
        told: tuple[int, int, str] = (0, 0, "")
        try:
            while not self._stop.wait(EVERY_SECONDS):
                now = time.monotonic()
                if now - started > settings.JOBS_TIME_LIMIT:
                    self._end()
                state = (self.progress.done, self.progress.total, self.progress.message)
                if (state != told or now - written >= BEAT_SECONDS) and self._save():
                    told, written = state, now
        finally:
            connection.close()

    def _save(self) -> bool:
        try:
            self.progress.save()
        except DatabaseError as error:
            logger.info("Job %s: no beat written: %s", self.progress.pk, error)
            connection.close()
            return False
        return True

    def _end(self) -> None:
        logger.error("Job %s ran for more than %s s and was ended.", self.progress.pk, settings.JOBS_TIME_LIMIT)
        try:
            self._out_of_time()
        finally:
            # The work may be anywhere, also in a query that nothing interrupts: the database takes back what it wrote.
            os._exit(OUT_OF_TIME)
