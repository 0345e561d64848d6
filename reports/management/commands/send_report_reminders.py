"""Remind offices that have not reported. For a timer: running it again sends nothing twice."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.actions.reporting_reminder import remind_automatically, rounds_to_remind, waiting_reminders
from reports.rounds.mail import send_one


class Command(BaseCommand):
    help = "Nhắc đơn vị chưa báo cáo khi kỳ báo cáo sắp đến hạn, quá hạn. Chạy lại không gửi trùng."

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        new = sum(len(remind_automatically(round_id=pk, today=today).new) for pk in rounds_to_remind(today))
        waiting = waiting_reminders().order_by("recipient_id").values_list("recipient_id", flat=True)
        outcomes = [send_one(recipient_id) for recipient_id in waiting.distinct()]
        failed = outcomes.count(False)
        self.stdout.write(f"{new} lượt nhắc mới, {outcomes.count(True)} thư đã gửi, {failed} thư lỗi.")
        if failed:
            raise CommandError("Có thư chưa gửi được; lần chạy sau sẽ gửi lại.")
