"""Who may bring in what, and what the state of a batch lets happen to it. Each check raises with the reason."""

from collections.abc import Callable
from typing import Any

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import IMPORT_RIGHTS
from khuyencong.errors import NotAllowed, Refused
from khuyencong.importing.kinds import ImportKind, find_kind
from khuyencong.importing.models import BatchState, ImportBatch, RowVerdict

ROOM = IMPORT_RIGHTS
WAITING = ""  # the verdict of a row that was corrected and not checked since
WRITTEN = (RowVerdict.NEW.value, RowVerdict.CHANGED.value)


def kind_of(batch: ImportBatch) -> ImportKind:
    """Errors: NotAllowed when no room knows this kind any more."""
    kind = find_kind(batch.kind)
    if kind is None:
        raise NotAllowed("Cổng không còn nhận loại dữ liệu này.")
    return kind


def check_can_import(user: User, kind: ImportKind) -> None:
    """Errors: NotAllowed without the kind's right, or without an office."""
    if not user.has_permission(kind.permission):
        raise NotAllowed(f"Tài khoản của bạn không có quyền: {kind.permission.value}.")
    if user.organisation is None:
        raise NotAllowed("Tài khoản của bạn chưa thuộc đơn vị nào.")


def check_can_work(user: User, batch: ImportBatch) -> None:
    """A batch is worked on by the office that sent it in. Errors: NotAllowed."""
    check_can_import(user, kind_of(batch))
    same_office = batch.uploaded_by.organisation_id == user.organisation_id
    if not same_office or batch.area_id != user.area_id:
        raise NotAllowed("Tệp này do đơn vị khác tải lên. Chỉ đơn vị đó được sửa, ghi hoặc hoàn lại.")


def is_unread(batch: ImportBatch) -> bool:
    """Kept, and not looked into yet: a job is to read it."""
    return batch.state == BatchState.READ and not batch.headers


def check_can_read(user: User, batch: ImportBatch) -> None:
    """Errors: NotAllowed; Refused when the file has been read already."""
    check_can_work(user, batch)
    if not is_unread(batch):
        raise Refused("Tệp này đã được đọc rồi.")


def check_can_map(user: User, batch: ImportBatch) -> None:
    """Errors: NotAllowed; Refused before the file was read, and once the batch was written."""
    check_can_work(user, batch)
    if is_unread(batch):
        raise Refused("Cổng đang đọc tệp này. Đọc xong mới ghép cột được.")
    if batch.state not in (BatchState.READ, BatchState.CHECKED):
        raise Refused("Tệp này đã ghi vào cổng nên không ghép cột, kiểm tra lại được nữa. Hãy tải tệp lên lần mới.")


def check_can_correct(user: User, batch: ImportBatch) -> None:
    """Errors: NotAllowed; Refused while the batch is not checked, or once it was written."""
    check_can_map(user, batch)
    if batch.state != BatchState.CHECKED:
        raise Refused("Tệp này chưa kiểm tra xong. Hãy ghép cột và kiểm tra trước.")


def check_can_apply(user: User, batch: ImportBatch, *, only_good: bool) -> None:
    """`only_good`: leave out the rows that are refused. Errors: NotAllowed; Refused."""
    check_can_correct(user, batch)
    counts = batch.counts
    waiting = counts.get(WAITING, 0)
    if waiting:
        raise Refused(f"Có {waiting} dòng đã sửa nhưng chưa kiểm tra lại. Hãy bấm “Kiểm tra lại” trước khi ghi.")
    refused = counts.get(RowVerdict.REFUSED.value, 0)
    if refused and not only_good:
        raise Refused(f"Còn {refused} dòng không nhận. Hãy sửa các dòng đó, hoặc chọn “Ghi các dòng đúng”.")
    if not any(counts.get(verdict, 0) for verdict in WRITTEN):
        raise Refused("Không có dòng nào mới hoặc thay đổi, nên không có gì để ghi.")


def check_can_undo(user: User, batch: ImportBatch) -> None:
    """Errors: NotAllowed; Refused when it was never written, or has been taken back."""
    check_can_work(user, batch)
    if batch.state == BatchState.UNDONE:
        raise Refused("Lần nhập này đã được hoàn lại.")
    if batch.state != BatchState.APPLIED:
        raise Refused("Lần nhập này chưa ghi nên không có gì để hoàn lại.")


def reason_against(check: Callable[..., None], *args: Any, **options: Any) -> str:
    """Why not, in words; "" when it may be done. For buttons."""
    try:
        check(*args, **options)
    except Refused as refusal:
        return refusal.message
    return ""
