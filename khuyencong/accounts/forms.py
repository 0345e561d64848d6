"""Forms of accounts in the admin."""

from typing import Any

from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    ReadOnlyPasswordHashField,
    ReadOnlyPasswordHashWidget,
    UserChangeForm,
    UserCreationForm,
)
from django.contrib.auth.hashers import is_password_usable
from django.core.exceptions import ValidationError

from khuyencong.accounts.models import User


class PasswordStateWidget(ReadOnlyPasswordHashWidget):
    """Says whether there is a password, and nothing of its hash."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        usable = is_password_usable(value) and bool(value)
        context["summary"] = [{"label": "Đã có mật khẩu" if usable else "Chưa có mật khẩu, chưa đăng nhập được"}]
        context["button_label"] = "Đặt lại mật khẩu" if usable else "Đặt mật khẩu"
        return context


class AccountCreateForm(UserCreationForm):
    """A new account with its first password."""

    class Meta:
        model = User
        fields = ("username", "full_name", "role", "organisation")


class AccountPasswordForm(AdminPasswordChangeForm):
    """A new password, always: an account is closed by switching it off, not by losing its password."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields.pop("usable_password", None)
        for name in ("password1", "password2"):
            self.fields[name].required = True


class AccountEditForm(UserChangeForm):
    """An account's person, role and office. The password has a page of its own."""

    password = ReadOnlyPasswordHashField(label="Mật khẩu", widget=PasswordStateWidget)

    class Meta:
        model = User
        fields = (
            "username",
            "full_name",
            "job_title",
            "phone",
            "email",
            "password",
            "role",
            "organisation",
            "is_active",
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("role") and not cleaned.get("organisation"):
            raise ValidationError({"organisation": "Tài khoản có vai trò phải thuộc một đơn vị."})
        return cleaned
