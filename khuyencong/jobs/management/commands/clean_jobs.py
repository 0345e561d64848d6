"""Clear away what long work left behind."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from khuyencong.jobs.actions import clean_jobs
from khuyencong.jobs.queue import bury


class Command(BaseCommand):
    help = "Xóa tệp kết quả đã quá thời gian lưu; ghi rõ những việc mà tiến trình đã mất."

    def handle(self, *args: Any, **options: Any) -> None:
        bury(timezone.now())
        self.stdout.write(f"Đã xóa {clean_jobs()} tệp kết quả cũ.")
