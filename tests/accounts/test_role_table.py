"""The role table page shows the table that the portal obeys."""

import pytest
from django.urls import reverse

from khuyencong.accounts.permissions import ROLE_LABELS, ROLE_PERMISSIONS, Permission, Role

TABLE = reverse("accounts:role-table")


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_read_it(client, cast, role):
    client.force_login(cast[role])
    assert client.get(TABLE).status_code == 200


def test_every_right_and_role_is_on_it(client, auditor):
    client.force_login(auditor)
    response = client.get(TABLE)
    page = response.content.decode()
    for label in ROLE_LABELS.values():
        assert label in page
    shown = dict(response.context["rows"])
    assert set(shown) == {permission.value for permission in Permission}
    for permission in Permission:
        assert shown[permission.value] == [permission in ROLE_PERMISSIONS[role] for role in Role]
    assert page.count(">Có<") == sum(len(permissions) for permissions in ROLE_PERMISSIONS.values())
