"""What is known of the council that appraised: its members, who was there, the sheets, the conclusion."""

from collections import Counter

from khuyencong.vietnamese.dates import format_date, format_long_date
from programs.models import CouncilMember, CouncilRole, SessionProject, Verdict
from programs.word.context import BLANK_DATE, Field, Subject, Values, add_provider
from programs.workflow import Status

TICKED, EMPTY_BOX = "☒", "☐"
# Without a session `hoi_dong` is empty: templates ask `{%p if hoi_dong %}` before they speak of a council.
FIELDS = (
    Field("hoi_dong", "Hội đồng thẩm định (trống khi không qua hội đồng)", "Hội đồng thẩm định đề án 2026", blank=""),
    Field("hoi_dong_quyet_dinh", "Số, ngày quyết định thành lập hội đồng", "21/QĐ-SCT ngày 05/02/2026"),
    Field("phien_hop_ngay", "Ngày họp hội đồng", "ngày 05 tháng 02 năm 2026", blank=BLANK_DATE),
    Field("phien_hop_dia_diem", "Địa điểm họp hội đồng", "Phòng họp Sở Công Thương"),
    Field("hoi_dong_so_thanh_vien", "Số thành viên hội đồng", "7"),
    Field("hoi_dong_so_co_mat", "Số thành viên có mặt", "6"),
    Field("hoi_dong_chu_tri", "Người chủ trì phiên họp", "Nguyễn Văn A", blank=""),
    Field("hoi_dong_thu_ky", "Thư ký phiên họp", "Trần Thị B", blank=""),
    Field("hoi_dong_so_phieu", "Tổng số phiếu thẩm định", "6"),
    Field("hoi_dong_phieu_dat", "Số phiếu Đạt", "5"),
    Field("hoi_dong_phieu_bo_sung", "Số phiếu Yêu cầu bổ sung", "1"),
    Field("hoi_dong_phieu_khong_dat", "Số phiếu Không đạt", "0"),
    Field("hoi_dong_ket_luan", "Ý kiến kết luận của hội đồng", "Đề án đủ điều kiện trình phê duyệt."),
    Field("o_dat", "Ô đánh dấu Đạt", TICKED, blank=EMPTY_BOX),
    Field("o_bo_sung", "Ô đánh dấu Yêu cầu bổ sung", EMPTY_BOX, blank=EMPTY_BOX),
    Field("o_khong_dat", "Ô đánh dấu Không đạt", EMPTY_BOX, blank=EMPTY_BOX),
    Field(
        "hoi_dong_thanh_vien",
        "Thành viên hội đồng",
        columns=(
            Field("stt", "STT", "1"),
            Field("ten", "Họ và tên", "Nguyễn Văn A"),
            Field("chuc_vu", "Chức vụ, đơn vị", "Phó Giám đốc Sở Công Thương"),
            Field("vai_tro", "Vai trò", "Chủ tịch"),
            Field("co_mat", "Có mặt", "Có mặt"),
        ),
    ),
)


def build(subject: Subject) -> Values:
    item = subject.session_item or _item_of(subject)
    if item is None:
        return {}
    session, sheets = item.session, Counter(item.sheets.values_list("verdict", flat=True))
    present = dict(session.attendance.values_list("member_id", "is_present"))
    members = list(session.council.members.all())
    there = [member for member in members if present.get(member.pk)]
    council = session.council
    return {
        "hoi_dong": council.name,
        "hoi_dong_quyet_dinh": f"{council.decision_number} ngày {format_date(council.decision_date)}",
        "phien_hop_ngay": format_long_date(session.held_on),
        "phien_hop_dia_diem": session.venue,
        "hoi_dong_so_thanh_vien": str(len(members)),
        "hoi_dong_so_co_mat": str(len(there)),
        "hoi_dong_chu_tri": _first(there, CouncilRole.CHAIR, CouncilRole.DEPUTY),
        "hoi_dong_thu_ky": _first(there, CouncilRole.SECRETARY),
        "hoi_dong_so_phieu": str(sum(sheets.values())),
        "hoi_dong_phieu_dat": str(sheets[Verdict.PASSED.value]),
        "hoi_dong_phieu_bo_sung": str(sheets[Verdict.SUPPLEMENT.value]),
        "hoi_dong_phieu_khong_dat": str(sheets[Verdict.FAILED.value]),
        "hoi_dong_ket_luan": item.conclusion,
        "o_dat": TICKED if item.verdict == Verdict.PASSED else "",
        "o_bo_sung": TICKED if item.verdict == Verdict.SUPPLEMENT else "",
        "o_khong_dat": TICKED if item.verdict == Verdict.FAILED else "",
        "hoi_dong_thanh_vien": [_line(number, one, present) for number, one in enumerate(members, 1)],
    }


def _item_of(subject: Subject) -> SessionProject | None:
    """The session that the project is before now, or the one that passed it; an older one that did not is past."""
    items = subject.project.sessions.select_related("session__council").order_by("-session__held_on", "-pk")
    for item in items:
        passed = item.verdict == Verdict.PASSED and subject.project.state is not Status.CONFIRMED
        if item.session.closed_at is None or passed:
            return item
    return None


def _first(members: list[CouncilMember], *roles: CouncilRole) -> str:
    """The first member present who holds one of the roles, in the order of the roles."""
    for role in roles:
        for member in members:
            if member.role == role:
                return member.full_name
    return ""


def _line(number: int, member: CouncilMember, present: dict[int, bool]) -> Values:
    there = {True: "Có mặt", False: "Vắng mặt"}
    return {
        "stt": number,
        "ten": member.full_name,
        "chuc_vu": member.title,
        "vai_tro": member.get_role_display(),
        "co_mat": there.get(present.get(member.pk), ""),  # type: ignore[arg-type]
    }


add_provider("council", FIELDS, build)
