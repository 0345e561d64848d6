"""What the person who reminded offices is told."""

from reports.actions.reporting_reminder import Reminded

NAMES_SHOWN = 10


def told_of(told: Reminded, sent: int, failed: int) -> tuple[str, list[str]]:
    """What was done, and what is still open: who has no e-mail address, no account, or was reminded before."""
    offices = {one.recipient.organisation_id for one in told.new}
    done = f"Đã nhắc {len(offices)} đơn vị ({len(told.new)} người), gửi {sent} thư."
    if not told.new:
        done = "Không có ai được nhắc thêm."
    open_points = []
    if told.already:
        open_points.append(f"Hôm nay đã nhắc rồi, không nhắc lần nữa: {names([str(one) for one in told.already])}.")
    if told.without_email:
        people = names([f"{one} ({one.organisation})" for one in told.without_email])
        open_points.append(f"Chưa có thư điện tử, chỉ thấy lời nhắc ở trang “Việc của tôi”: {people}.")
    if told.without_account:
        open_points.append(f"Chưa có tài khoản nào để nhắc: {names(told.without_account)}. Nhắc bằng cách khác.")
    if failed:
        open_points.append(f"{failed} thư chưa gửi được; cổng tự gửi lại vào lần nhắc hằng ngày.")
    return done, open_points


def names(every: list[str]) -> str:
    shown, more = "; ".join(every[:NAMES_SHOWN]), len(every) - NAMES_SHOWN
    return f"{shown} và {more} nơi khác" if more > 0 else shown
