"""Acts on accounts that are more than a changed row."""

from django.db import transaction

from khuyencong.accounts.models import User
from khuyencong.audit.record import record


@transaction.atomic
def record_password_set(*, user: User, by: User) -> None:
    """That an administrator gave the account a new password; the password itself is written nowhere."""
    record(
        by=by,
        action="password_set",
        action_label="Đặt lại mật khẩu",
        obj=user,
        place_id=user.area_id,
    )
