"""The admin names the portal's own icon, so that no browser asks for /favicon.ico."""

import pytest
from django.urls import reverse


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["index", "programs_sector_changelist", "programs_sector_add", "programs_sector_import"]
)
def test_admin_pages_link_the_icon(name, client, system_admin):
    client.force_login(system_admin)
    page = client.get(reverse(f"admin:{name}"))
    assert page.status_code == 200
    assert page.content.decode().count('rel="icon"') == 1
