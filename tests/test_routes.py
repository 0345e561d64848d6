"""Every route × every role answers as the role table says; routes added later are walked too."""

import pytest
from django.core.checks import run_checks
from django.urls import URLPattern, path, reverse
from django.urls.converters import IntConverter, SlugConverter, StringConverter

from khuyencong.accounts import routes
from khuyencong.accounts.permissions import Role, permissions_of
from khuyencong.accounts.routes import all_routes
from tests.responses import content_of

pytestmark = pytest.mark.django_db
ROUTES = {route.name: route for route in all_routes()}
# Ids that belong to nobody: a person with the right sees 404, one without it 403 before anything is looked up.
SAMPLES = {IntConverter: 987_654_321, SlugConverter: "khong-co", StringConverter: "khong-co"}
WITH_RIGHT = {200, 302, 400, 404, 405, 422}


def address_of(route):
    """A concrete address, every argument filled with a sample."""
    pattern = _pattern(route)
    values = {name: SAMPLES[type(converter)] for name, converter in pattern.converters.items()}
    return reverse(route.name, kwargs=values)


def _pattern(route):
    from django.urls import get_resolver

    entries = list(get_resolver().url_patterns)
    converters = {}
    while entries:
        entry = entries.pop()
        if isinstance(entry, URLPattern):
            if entry.callback is route.callback:
                converters.update(entry.pattern.converters)
        else:
            entries.extend(entry.url_patterns)
    return type("Pattern", (), {"converters": converters})


def test_there_are_routes_to_walk():
    assert len(ROUTES) > 40


def test_every_route_declares_who_may_use_it():
    assert [name for name, route in ROUTES.items() if route.access is None] == []


def test_the_system_check_fails_on_an_undeclared_route(monkeypatch):
    bare = [path("ho/", lambda request: None, name="bare")]
    monkeypatch.setattr(routes, "get_resolver", lambda: type("Resolver", (), {"url_patterns": bare}))
    assert [error.id for error in routes.check_routes()] == ["khuyencong.E001"]
    monkeypatch.undo()
    assert "khuyencong.E001" not in [error.id for error in run_checks()]


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_a_visitor_is_sent_to_the_login_page(client, name):
    route = ROUTES[name]
    response = client.get(address_of(route))
    if route.access.anybody:
        assert response.status_code == 200
    else:
        assert response.status_code == 302
        assert response.url.startswith(reverse("login"))


@pytest.mark.parametrize("role", list(Role))
def test_every_route_answers_the_role_as_the_table_says(client, cast, role):
    client.force_login(cast[role])
    wrong = {}
    for name, route in ROUTES.items():
        if name == "logout":
            continue
        may = route.access.allows(permissions_of(role))
        for method in (client.get, client.post):
            response = method(address_of(route))
            content_of(response)
            status = response.status_code
            if (status in WITH_RIGHT) is not may or (status == 403) is may:
                wrong[name, method.__name__] = status
    assert wrong == {}


@pytest.mark.parametrize("role", [None, *Role])
def test_the_admin_lets_in_those_whom_the_table_names(client, cast, role):
    from khuyencong.accounts.permissions import Permission

    if role is not None:
        client.force_login(cast[role])
    response = client.get(reverse("admin:index"))
    if role is not None and Permission.ADMIN_SITE in permissions_of(role):
        assert response.status_code == 200
    else:
        assert response.status_code in (302, 403)


def test_is_superuser_opens_nothing(client, local_officer):
    local_officer.is_superuser = local_officer.is_staff = True
    local_officer.save()
    client.force_login(local_officer)
    assert client.get(reverse("admin:index")).status_code in (302, 403)
