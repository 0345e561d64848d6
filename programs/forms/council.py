"""The forms of councils, their sessions, sheets and conclusions."""

from typing import Any

from django import forms

from khuyencong.accounts.models import Organisation, User
from khuyencong.formfields import NFCFormCharField, VersionForm, VietnameseDateField
from programs.actions.council import COUNCIL_FIELDS, MEMBER_FIELDS
from programs.actions.council_session import SESSION_FIELDS, attendance_stamp
from programs.actions.council_sheet import CONCLUSION_FIELDS, sheet_stamp
from programs.actions.registers import fingerprint
from programs.models import (
    Council,
    CouncilMember,
    CouncilRole,
    CouncilSession,
    CriteriaSheet,
    Criterion,
    Project,
    SessionProject,
    Verdict,
)
from programs.queries.council import organisations_open_to

ROLE_REQUIRED = {"required": "Chọn vai trò.", "invalid_choice": "Chọn vai trò trong danh sách."}
VERDICT_REQUIRED = {"required": "Chọn đánh giá.", "invalid_choice": "Chọn đánh giá trong danh sách."}
VERDICTS = [("", "Chọn"), *Verdict.choices]
MAX_QUORUM = 99
PRESENCE = [("", "Chọn"), ("1", "Có mặt"), ("0", "Vắng mặt")]


class CouncilForm(forms.Form):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Cơ quan thành lập",
        empty_label="Chọn cơ quan",
        error_messages={"required": "Chọn cơ quan.", "invalid_choice": "Cơ quan này không thuộc phạm vi của bạn."},
    )
    name = NFCFormCharField(label="Tên hội đồng", max_length=200, error_messages={"required": "Nhập tên hội đồng."})
    decision_number = NFCFormCharField(
        label="Số quyết định thành lập", max_length=100, error_messages={"required": "Nhập số quyết định."}
    )
    decision_date = VietnameseDateField(label="Ngày quyết định")
    quorum = forms.IntegerField(
        label="Số thành viên có mặt tối thiểu",
        min_value=1,
        max_value=MAX_QUORUM,
        help_text="Ghi đúng như quyết định thành lập hội đồng; thiếu số này thì phiên họp không kết thúc được.",
        error_messages={
            "required": "Nhập số thành viên.",
            "invalid": "Nhập số nguyên.",
            "min_value": "Phải có ít nhất một thành viên có mặt.",
            "max_value": f"Nhiều nhất {MAX_QUORUM} thành viên.",
        },
    )
    ended_on = VietnameseDateField(
        label="Hết nhiệm vụ sau ngày", required=False, help_text="Để trống khi hội đồng còn hoạt động."
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: User, edited: Council | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"organisation": user.organisation_id}
        if edited is not None:
            stored = {name: getattr(edited, name) for name in COUNCIL_FIELDS}
            kwargs["initial"] = {**stored, "version": fingerprint(edited, COUNCIL_FIELDS)}
        super().__init__(*args, **kwargs)
        kept = edited.organisation_id if edited is not None else None
        self.fields["organisation"].queryset = organisations_open_to(user, kept=kept)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in COUNCIL_FIELDS}


class CouncilMemberForm(forms.Form):
    full_name = NFCFormCharField(label="Họ và tên", max_length=200, error_messages={"required": "Nhập họ và tên."})
    title = NFCFormCharField(label="Chức vụ, đơn vị", max_length=200, required=False)
    role = forms.ChoiceField(
        label="Vai trò",
        choices=[("", "Chọn vai trò"), *CouncilRole.choices],
        error_messages=ROLE_REQUIRED,
    )
    position = forms.IntegerField(
        label="Thứ tự trong danh sách",
        min_value=0,
        max_value=999,
        initial=0,
        error_messages={"required": "Nhập thứ tự.", "invalid": "Nhập số nguyên."},
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, edited: CouncilMember | None = None, **kwargs: Any) -> None:
        if edited is not None:
            stored = {name: getattr(edited, name) for name in MEMBER_FIELDS}
            kwargs["initial"] = {**stored, "version": fingerprint(edited, MEMBER_FIELDS)}
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in MEMBER_FIELDS}


class CouncilSessionForm(forms.Form):
    held_on = VietnameseDateField(label="Ngày họp", help_text="Phiên họp sắp tới cũng được ghi trước.")
    venue = NFCFormCharField(label="Địa điểm", max_length=200, required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, edited: CouncilSession | None = None, **kwargs: Any) -> None:
        if edited is not None:
            stored = {name: getattr(edited, name) for name in SESSION_FIELDS}
            kwargs["initial"] = {**stored, "version": fingerprint(edited, SESSION_FIELDS)}
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SESSION_FIELDS}


class AgendaAddForm(forms.Form):
    """Projects ticked in the search results; only those that the person may see are known here."""

    projects = forms.ModelMultipleChoiceField(
        Project.objects.none(),
        label="Đề án",
        error_messages={
            "required": "Chưa chọn đề án nào trong danh sách.",
            "invalid_choice": "Đề án đã chọn không có trong phạm vi của đơn vị bạn.",
            "invalid_pk_value": "Đề án đã chọn không hợp lệ.",
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["projects"].queryset = Project.objects.visible_to(user)  # type: ignore[attr-defined]

    @property
    def ticked(self) -> set[str]:
        """Ids ticked in what was sent, to tick them again."""
        return set(self.data.getlist("projects")) if self.is_bound else set()  # type: ignore[attr-defined]


class AttendanceForm(forms.Form):
    """One choice per member of the council."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, session: CouncilSession, **kwargs: Any) -> None:
        known = dict(session.attendance.values_list("member_id", "is_present"))
        self.members = list(session.council.members.all())
        kwargs["initial"] = {"version": attendance_stamp(session)}
        super().__init__(*args, **kwargs)
        for member in self.members:
            label = f"{member} – {member.get_role_display()}"
            self.fields[f"member_{member.pk}"] = forms.ChoiceField(
                label=label,
                choices=PRESENCE,
                initial={True: "1", False: "0"}.get(known.get(member.pk), ""),  # type: ignore[arg-type]
                help_text=member.title,
                error_messages={"required": "Chọn có mặt hay vắng mặt."},
            )

    def present(self) -> dict[int, bool]:
        return {member.pk: self.cleaned_data[f"member_{member.pk}"] == "1" for member in self.members}


class ConflictForm(forms.Form):
    member = forms.ModelChoiceField(
        CouncilMember.objects.none(),
        label="Thành viên",
        empty_label="Chọn thành viên",
        error_messages={"required": "Chọn thành viên.", "invalid_choice": "Chọn thành viên của hội đồng."},
    )
    reason = NFCFormCharField(
        label="Lý do",
        max_length=300,
        error_messages={"required": "Ghi rõ lý do."},
        help_text="Ví dụ: người thân của chủ cơ sở thụ hưởng. Thành viên này không có phiếu ở đề án này.",
    )

    def __init__(self, *args: Any, item: SessionProject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = item.session.council.members.all()  # type: ignore[attr-defined]


class SheetForm(forms.Form):
    """A member's marks on each criterion, and the verdict on the whole."""

    verdict = forms.ChoiceField(label="Đánh giá chung", choices=VERDICTS, error_messages=VERDICT_REQUIRED)
    comment = NFCFormCharField(label="Ý kiến chung", max_length=4000, multiline=True, required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, item: SessionProject, member: CouncilMember, criteria: list[Criterion], **kwargs: Any
    ) -> None:
        self.criteria = criteria
        sheet = item.sheets.filter(member=member).prefetch_related("marks").first()
        kwargs["initial"] = {"version": sheet_stamp(item, member.pk), **_stored(sheet)}
        super().__init__(*args, **kwargs)
        for one in criteria:
            self.fields[f"verdict_{one.pk}"] = forms.ChoiceField(
                label=f"Đánh giá: {one.name}", choices=VERDICTS, error_messages=VERDICT_REQUIRED
            )
            self.fields[f"comment_{one.pk}"] = NFCFormCharField(
                label=f"Ý kiến: {one.name}", max_length=500, required=False
            )

    def rows(self) -> list[tuple[Criterion, forms.BoundField, forms.BoundField]]:
        return [(one, self[f"verdict_{one.pk}"], self[f"comment_{one.pk}"]) for one in self.criteria]

    def marks(self) -> dict[int, tuple[str, str]]:
        data = self.cleaned_data
        return {one.pk: (data[f"verdict_{one.pk}"], data[f"comment_{one.pk}"]) for one in self.criteria}


class ConclusionForm(forms.Form):
    verdict = forms.ChoiceField(
        label="Kết luận",
        choices=VERDICTS,
        error_messages={"required": "Chọn kết luận.", "invalid_choice": "Chọn kết luận trong danh sách."},
    )
    conclusion = NFCFormCharField(
        label="Ý kiến kết luận",
        max_length=4000,
        multiline=True,
        required=False,
        help_text="Bắt buộc khi kết luận không phải “Đạt”, hoặc khác đa số phiếu; được gửi cho người lập đề án.",
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, item: SessionProject, **kwargs: Any) -> None:
        stored = {"verdict": item.verdict, "conclusion": item.conclusion}
        kwargs["initial"] = {**stored, "version": fingerprint(item, CONCLUSION_FIELDS)}
        super().__init__(*args, **kwargs)


class SessionCloseForm(VersionForm):
    minutes_number = NFCFormCharField(
        label="Số biên bản", max_length=100, error_messages={"required": "Nhập số biên bản."}
    )
    minutes_date = VietnameseDateField(label="Ngày biên bản", error_messages={"required": "Nhập ngày biên bản."})


def _stored(sheet: CriteriaSheet | None) -> dict[str, Any]:
    if sheet is None:
        return {}
    values: dict[str, Any] = {"verdict": sheet.verdict, "comment": sheet.comment}
    for mark in sheet.marks.all():
        values[f"verdict_{mark.criterion_id}"] = mark.verdict
        values[f"comment_{mark.criterion_id}"] = mark.comment
    return values
