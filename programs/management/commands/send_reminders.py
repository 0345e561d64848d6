"""Tell people by e-mail what is soon due or overdue. For a timer: running it again sends nothing twice."""

import logging
from collections.abc import Sequence
from typing import Any

from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programs.actions.reminder import claim_unsent, note_reminders, release_claim
from programs.models import Reminder
from programs.rules.deadlines import describe

LINES_SHOWN = 50
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Gửi thư nhắc việc sắp đến hạn, quá hạn. Chạy lại không gửi trùng."

    def handle(self, *args: Any, **options: Any) -> None:
        new = note_reminders(today=timezone.localdate())
        waiting = Reminder.objects.filter(sent_at=None).order_by("recipient_id")
        recipients = list(waiting.values_list("recipient_id", flat=True).distinct())
        failed = sum(not _send_to(recipient_id) for recipient_id in recipients)
        self.stdout.write(f"{len(new)} việc nhắc mới, {len(recipients) - failed} thư đã gửi, {failed} thư lỗi.")
        if failed:
            raise CommandError("Có thư chưa gửi được; lần chạy sau sẽ gửi lại.")


def _send_to(recipient_id: int) -> bool:
    """One e-mail with everything new for the person. A mail server that does not answer costs no reminder."""
    reminders = claim_unsent(recipient_id=recipient_id)
    if not reminders:
        return True  # another run was faster
    try:
        subject = f"Khuyến công: {len(reminders)} việc sắp đến hạn, quá hạn"
        send_mail(subject, _text(reminders), None, [reminders[0].recipient.email])
    except OSError:  # what smtplib and sockets raise
        logger.exception("Reminder e-mail to user %s failed", recipient_id)
        release_claim(reminders)
        return False
    return True


def _text(reminders: Sequence[Reminder]) -> str:
    today = timezone.localdate()
    lines = [f"Kính gửi {reminders[0].recipient},", ""]
    for one in reminders[:LINES_SHOWN]:
        lines += [
            f"- {one.project.code}, {one.project.place}: {one.rule.name}",
            f"  Hạn {one.due_date:%d/%m/%Y}, {describe(one.due_date, today)}. Căn cứ: {one.rule.legal_basis}"
            f" ({one.rule.get_certainty_display().lower()}).",
        ]
    if len(reminders) > LINES_SHOWN:
        lines.append(f"- và {len(reminders) - LINES_SHOWN} việc khác.")
    return "\n".join([*lines, "", "Danh sách đầy đủ: mục “Thời hạn” của Cổng quản lý khuyến công.", ""])
