"""Tell people by e-mail what is soon due or overdue. For a timer: running it again sends nothing twice."""

import logging
from collections.abc import Sequence
from typing import Any

from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programs.actions.reminder import claim_unsent, note_reminders, release_claim
from programs.models import Reminder, ReminderKind
from programs.queries.owing_people import AreaPeople, people_around
from programs.rules.deadlines import describe

LINES_SHOWN = 50
# What smtplib, sockets and TLS raise (OSError); what an address or a name that no mail can carry raises (ValueError).
MAIL_ERRORS = (OSError, ValueError)
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Gửi thư nhắc việc sắp đến hạn, quá hạn; báo lãnh đạo việc quá hạn lâu. Chạy lại không gửi trùng."

    def handle(self, *args: Any, **options: Any) -> None:
        new = note_reminders(today=timezone.localdate())
        # Leaders without an address are told in the portal; an account that was closed is told nothing.
        waiting = Reminder.objects.filter(sent_at=None, recipient__is_active=True).exclude(recipient__email="")
        recipients = list(waiting.order_by("recipient_id").values_list("recipient_id", flat=True).distinct())
        failed = sum(not _send_to(recipient_id) for recipient_id in recipients)
        self.stdout.write(f"{len(new)} việc nhắc mới, {len(recipients) - failed} thư đã gửi, {failed} thư lỗi.")
        if failed:
            raise CommandError("Có thư chưa gửi được; lần chạy sau sẽ gửi lại.")


def _send_to(recipient_id: int) -> bool:
    """One e-mail with everything new for the person. A mail server that does not answer costs no reminder."""
    reminders = claim_unsent(recipient_id=recipient_id)
    if not reminders:
        return True  # another run was faster
    sent = False
    try:
        send_mail(_subject(reminders), _text(reminders), None, [reminders[0].recipient.email])
        sent = True
    except MAIL_ERRORS:
        logger.exception("Reminder e-mail to user %s failed", recipient_id)
    finally:  # whatever else may be raised, too
        if not sent:
            release_claim(reminders)
    return sent


def _subject(reminders: Sequence[Reminder]) -> str:
    escalated = sum(one.kind == ReminderKind.ESCALATED for one in reminders)
    if escalated:
        return f"Khuyến công: {escalated} việc quá hạn cần lãnh đạo chỉ đạo"
    return f"Khuyến công: {len(reminders)} việc sắp đến hạn, quá hạn"


def _text(reminders: Sequence[Reminder]) -> str:
    """Leaders' part first, with who is to act; then what waits for the person."""
    escalated = [one for one in reminders if one.kind == ReminderKind.ESCALATED]
    others = [one for one in reminders if one.kind != ReminderKind.ESCALATED]
    people = people_around(one.project for one in escalated[:LINES_SHOWN]) if escalated else None
    lines = [f"Kính gửi {reminders[0].recipient},", ""]
    if escalated:
        lines += ["VIỆC ĐÃ QUÁ HẠN, BÁO LÃNH ĐẠO", *_items(escalated, people), ""]
    if others:
        lines += [*(["VIỆC ĐANG CHỜ ÔNG/BÀ"] if escalated else []), *_items(others, None), ""]
    return "\n".join([*lines, "Danh sách đầy đủ: mục “Thời hạn” của Cổng quản lý khuyến công.", ""])


def _items(reminders: Sequence[Reminder], people: AreaPeople | None) -> list[str]:
    today, lines = timezone.localdate(), []
    for one in reminders[:LINES_SHOWN]:
        lines += [
            f"- {one.project.code}, {one.project.place}: {one.rule.name}",
            f"  Hạn {one.due_date:%d/%m/%Y}, {describe(one.due_date, today)}. Căn cứ: {one.rule.legal_basis};"
            f" {one.rule.get_certainty_display().lower()}.",
        ]
        if people is not None:
            lines.append(f"  Đang chờ: {people.movers_in_words(one.project)}.")
    if len(reminders) > LINES_SHOWN:
        lines.append(f"- và {len(reminders) - LINES_SHOWN} việc khác.")
    return lines
