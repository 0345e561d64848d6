"""Sending the e-mails of reminders that have been noted."""

import logging
from collections.abc import Iterable, Sequence

from django.core.mail import send_mail

from khuyencong.vietnamese.dates import format_date
from programs.management.commands.send_reminders import MAIL_ERRORS
from reports.actions.reporting_reminder import claim_unsent, release_claim
from reports.models import ReportingReminder

logger = logging.getLogger(__name__)


def send_to(recipient_ids: Iterable[int]) -> tuple[int, int]:
    """(sent, failed): one e-mail per person. After a failure the rest is left to the daily run, which tries again."""
    sent, waiting = 0, list(dict.fromkeys(recipient_ids))
    for place, recipient_id in enumerate(waiting):
        done = send_one(recipient_id)
        if done is False:
            return sent, len(waiting) - place
        sent += bool(done)
    return sent, 0


def send_one(recipient_id: int) -> bool | None:
    """One e-mail with all that the person was reminded of and not yet written about; whether it went out.

    None when there is nothing left to say, or another run was faster.
    """
    reminders = claim_unsent(recipient_id=recipient_id)
    if not reminders:
        return None
    done = False
    try:
        send_mail(_subject(reminders), _text(reminders), None, [reminders[0].recipient.email])
        done = True
    except MAIL_ERRORS:
        logger.exception("Report reminder to user %s failed", recipient_id)
    finally:  # whatever else may be raised, too
        if not done:
            release_claim(reminders)
    return done


def _subject(reminders: Sequence[ReportingReminder]) -> str:
    if len(reminders) > 1:
        return f"Khuyến công: {len(reminders)} kỳ báo cáo chờ đơn vị"
    return f"Khuyến công: nhắc báo cáo, hạn {format_date(reminders[0].round.due_date)}"


def _text(reminders: Sequence[ReportingReminder]) -> str:
    lines = [f"Kính gửi {reminders[0].recipient},", "", "Đơn vị chưa xác nhận số liệu của:"]
    for one in reminders:
        asked = one.round
        number = f" (công văn {asked.document_number})" if asked.document_number else ""
        lines += [
            f"- {asked.title}{number}",
            f"  Số liệu từ ngày {format_date(asked.start)} đến ngày {format_date(asked.end)}."
            f" Hạn báo cáo: {format_date(asked.due_date)}.",
        ]
    lines += ["", "Vào Cổng quản lý khuyến công, mục “Việc của tôi”, bấm “Báo cáo” để xem số liệu và xác nhận.", ""]
    return "\n".join(lines)
