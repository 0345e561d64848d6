"""Signing in, and Django's own permissions drawn from the role table."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Model

from khuyencong.accounts.models import User


class RoleBackend(ModelBackend):
    """Loads the user with organisation and area in the one query a request makes for it."""

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.select_related("organisation__area").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        """No right comes from Django's permission tables: the admin asks the role table itself."""
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False
