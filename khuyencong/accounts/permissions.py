"""The one table of who may do what: roles → permissions. Areas are another matter: `visible_to` on each queryset."""

from enum import StrEnum, unique
from types import MappingProxyType


@unique
class Permission(StrEnum):
    """A right that a route, an action or a button asks for."""

    HOME = "Xem việc của mình"
    PROJECT_VIEW = "Xem đề án"
    PROJECT_REGISTER = "Đăng ký, sửa, trình, rút đề án"
    PROJECT_CONFIRM = "Xác nhận đề án ở cơ sở"
    PROJECT_APPRAISE = "Thẩm định, trả lại, từ chối, gửi Bộ"
    PROJECT_APPROVE = "Phê duyệt đề án và kinh phí"
    PROJECT_AMEND = "Điều chỉnh đề án đã phê duyệt"
    PROJECT_STOP = "Ngừng triển khai đề án"
    CONTRACT_SIGN = "Lập hợp đồng"
    PROGRESS_REPORT = "Báo cáo tiến độ"
    PROJECT_ACCEPT = "Nghiệm thu đề án"
    PROJECT_LIQUIDATE = "Thanh lý hợp đồng"
    PROJECT_SETTLE = "Quyết toán đề án"
    DOCUMENT_ADD = "Đính kèm tài liệu"
    BENEFICIARY_VIEW = "Xem cơ sở thụ hưởng"
    BENEFICIARY_EDIT = "Thêm, sửa cơ sở thụ hưởng"
    CRAFT_VILLAGE_VIEW = "Xem làng nghề"
    CRAFT_VILLAGE_EDIT = "Cập nhật làng nghề"
    PRODUCT_VIEW = "Xem sản phẩm CNNT tiêu biểu"
    PRODUCT_EDIT = "Cập nhật sản phẩm CNNT tiêu biểu"
    PROGRAMME_VIEW = "Xem chương trình khuyến công"
    MONEY_VIEW = "Xem kinh phí"
    BUDGET_EDIT = "Ghi dự toán năm"
    LEDGER_RECORD = "Ghi tạm ứng, thanh toán, thu hồi"
    REPORT_VIEW = "Xem báo cáo"
    REPORT_EXPORT = "Tải báo cáo, danh sách ra Excel"
    REPORT_LOCK = "Khóa số liệu báo cáo"
    REPORT_UNLOCK = "Mở khóa báo cáo đã khóa"
    REPORT_ROUND = "Mở kỳ báo cáo, nhắc đơn vị"
    AREA_REPORT = "Báo cáo số liệu của địa bàn"
    AUDIT_VIEW = "Xem nhật ký hệ thống"
    ROLE_TABLE_VIEW = "Xem bảng phân quyền"
    ADMIN_SITE = "Vào trang quản trị"
    REFERENCE_EDIT = "Sửa danh mục, tài khoản"


@unique
class Role(StrEnum):
    """A user's role; the value is what the database stores."""

    SYSTEM_ADMIN = "system_admin"
    DEPARTMENT_OFFICER = "department_officer"
    CENTRE_OFFICER = "centre_officer"
    LOCAL_OFFICER = "local_officer"
    ACCOUNTANT = "accountant"
    LEADER = "leader"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]


ROLE_LABELS = MappingProxyType(
    {
        Role.SYSTEM_ADMIN: "Quản trị hệ thống",
        Role.DEPARTMENT_OFFICER: "Chuyên viên Sở Công Thương",
        Role.CENTRE_OFFICER: "Cán bộ Trung tâm Khuyến công",
        Role.LOCAL_OFFICER: "Cán bộ kinh tế huyện, xã",
        Role.ACCOUNTANT: "Kế toán",
        Role.LEADER: "Lãnh đạo",
        Role.AUDITOR: "Thanh tra, kiểm toán",
    }
)
ROLE_CHOICES = [(role.value, label) for role, label in ROLE_LABELS.items()]

_READ = frozenset(
    {
        Permission.HOME,
        Permission.PROJECT_VIEW,
        Permission.BENEFICIARY_VIEW,
        Permission.CRAFT_VILLAGE_VIEW,
        Permission.PRODUCT_VIEW,
        Permission.PROGRAMME_VIEW,
        Permission.MONEY_VIEW,
        Permission.REPORT_VIEW,
        Permission.REPORT_EXPORT,
        Permission.ROLE_TABLE_VIEW,
    }
)
_ENTRY = frozenset({Permission.PROJECT_REGISTER, Permission.BENEFICIARY_EDIT, Permission.DOCUMENT_ADD})
_LOCAL_REGISTERS = frozenset({Permission.CRAFT_VILLAGE_EDIT, Permission.PRODUCT_EDIT})

# A system administrator keeps accounts and reference data and has no hand in a project or its money.
ROLE_PERMISSIONS = MappingProxyType(
    {
        Role.SYSTEM_ADMIN: _READ | {Permission.ADMIN_SITE, Permission.REFERENCE_EDIT, Permission.AUDIT_VIEW},
        Role.DEPARTMENT_OFFICER: _READ
        | _ENTRY
        | _LOCAL_REGISTERS
        | {
            Permission.PROJECT_CONFIRM,
            Permission.PROJECT_APPRAISE,
            Permission.BUDGET_EDIT,
            Permission.REPORT_LOCK,
            Permission.REPORT_ROUND,
            Permission.ADMIN_SITE,
        },
        Role.CENTRE_OFFICER: _READ
        | _ENTRY
        | {
            Permission.CONTRACT_SIGN,
            Permission.PROGRESS_REPORT,
            Permission.PROJECT_ACCEPT,
            Permission.PROJECT_LIQUIDATE,
        },
        Role.LOCAL_OFFICER: _READ | _ENTRY | _LOCAL_REGISTERS | {Permission.PROJECT_CONFIRM, Permission.AREA_REPORT},
        Role.ACCOUNTANT: _READ
        | {
            Permission.BUDGET_EDIT,
            Permission.LEDGER_RECORD,
            Permission.PROJECT_SETTLE,
            Permission.DOCUMENT_ADD,
        },
        Role.LEADER: _READ
        | {
            Permission.PROJECT_APPROVE,
            Permission.PROJECT_AMEND,
            Permission.PROJECT_STOP,
            Permission.REPORT_LOCK,
            Permission.REPORT_UNLOCK,
            Permission.REPORT_ROUND,
            Permission.DOCUMENT_ADD,
            Permission.AUDIT_VIEW,
        },
        Role.AUDITOR: _READ | {Permission.AUDIT_VIEW},
    }
)


# Any of these opens the room of imports; each kind of data asks for its own besides.
IMPORT_RIGHTS = (
    Permission.BENEFICIARY_EDIT,
    Permission.CRAFT_VILLAGE_EDIT,
    Permission.PRODUCT_EDIT,
    Permission.PROJECT_REGISTER,
    Permission.LEDGER_RECORD,
)


def permissions_of(role: str) -> frozenset[Permission]:
    """The permissions of a stored role; an unknown role has none."""
    try:
        return ROLE_PERMISSIONS[Role(role)]
    except ValueError:
        return frozenset()
