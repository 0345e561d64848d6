"""Why signs of a second support do not speak against a project."""

from collections.abc import Sequence
from typing import Any

from django import forms

from khuyencong.formfields import NFCFormCharField, VersionForm
from programs.actions.duplicate import SignKey
from programs.models import Project
from programs.queries.duplicates import Sign


def sign_value(key: SignKey) -> str:
    """The key of a sign as a form sends it: kind-project."""
    kind, other_id = key
    return f"{kind}-{other_id}"


class DuplicateReasonForm(VersionForm):
    """One reason for the signs that are ticked; `signs` are the project's own."""

    signs = forms.MultipleChoiceField(
        label="Dấu hiệu được giải trình",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Đánh dấu ít nhất một dấu hiệu.",
            "invalid_choice": "Có dấu hiệu không còn nữa. Hãy tải lại trang rồi ghi lại.",
        },
    )
    reason = NFCFormCharField(
        label="Giải trình",
        max_length=2000,
        multiline=True,
        help_text="Ghi vì sao không phải hỗ trợ trùng: máy khác, công đoạn khác, cơ sở khác …",
        error_messages={"required": "Ghi rõ vì sao không phải hỗ trợ trùng."},
    )

    def __init__(self, *args: Any, project: Project, signs: Sequence[Sign], **kwargs: Any) -> None:
        kwargs["initial"] = {"version": project.version}
        super().__init__(*args, **kwargs)
        self.keys = {sign_value(sign.key): sign.key for sign in signs}
        choice: Any = self.fields["signs"]
        choice.choices = [(value, value) for value in self.keys]

    @property
    def ticked(self) -> set[str]:
        """What was ticked in what was sent, to tick it again."""
        return set(self.data.getlist("signs")) if self.is_bound else set()  # type: ignore[attr-defined]

    def chosen(self) -> list[SignKey]:
        """Call after `is_valid()`."""
        return [self.keys[value] for value in self.cleaned_data["signs"]]
