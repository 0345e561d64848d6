"""One piece of long work in this process; started by the portal itself."""

import os
import resource
import signal
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from khuyencong.jobs.runner import Stopped, launch, run

MIB = 1024 * 1024
NICENESS = 5  # people who wait for a page come first


class Command(BaseCommand):
    help = "Chạy một việc chạy lâu theo mã (do cổng tự gọi)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pk", type=int, help="mã việc")

    def handle(self, *args: Any, **options: Any) -> None:
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
        _limit_memory()
        signal.signal(signal.SIGTERM, _stop)
        try:
            done = run(options["pk"], in_process=True)
        except Stopped as stopped:
            raise SystemExit(128 + signal.SIGTERM) from stopped
        if done and settings.JOBS_RUNNER != "inline":
            launch()  # the place that is free now


def _limit_memory() -> None:
    """More than this fails here, in words, and not as another process that the machine ends for want of memory."""
    most = settings.JOBS_MEMORY_MB * MIB
    # Data and not address space: what is only mapped, such as libraries and reserved room, costs nothing.
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if most and (hard == resource.RLIM_INFINITY or most < hard):
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped(number)
