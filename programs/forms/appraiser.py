"""Whom to name as appraiser."""

from typing import Any

from django import forms

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.formfields import VersionForm
from programs.queries.appraiser import appraisers_near


class AppraiserField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} – {obj.organisation}"


class AssignForm(forms.Form):
    """For many projects: each carries its version beside its tick."""

    appraiser = AppraiserField(
        User.objects.none(),
        label="Người thẩm định",
        empty_label="Chọn người thẩm định",
        error_messages={
            "required": "Chọn người thẩm định.",
            "invalid_choice": "Người này không có quyền thẩm định trong phạm vi của đơn vị bạn.",
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["appraiser"].queryset = appraisers_near(user)  # type: ignore[attr-defined]


class ProjectAssignForm(AssignForm, VersionForm):
    """For one project."""


def assign_form_for(user: User) -> AssignForm | None:
    """The choice under the list, for those who may assign."""
    if not user.has_permission(Permission.PROJECT_APPRAISE):
        return None
    form = AssignForm(user=user)
    form.fields["appraiser"].required = False  # the other buttons of the bar do not need it
    return form
