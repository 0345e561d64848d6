"""Every address of an object answers people of another province or commune as if there were no such thing.

Pages, fragments, forms that are posted, downloads and exports alike; routes added later are walked too.
"""

import pytest
from django.urls import reverse

from khuyencong.accounts.models import OrganisationKind
from khuyencong.accounts.permissions import Role, permissions_of
from khuyencong.audit.models import AuditEvent
from tests import test_query_counts as pages
from tests.factories import make_organisation, make_province, make_user, unit
from tests.reports.locking import lock
from tests.responses import content_of

pytestmark = pytest.mark.django_db
# Objects that belong to no area: what a programme, a template, a form or a period is, is the same for everybody.
EVERYBODYS = ("programmes", "word-template", "programme", "registration-round", "form-", "norm", "table")
OBJECTS = sorted(
    name
    for name, route in pages.ROUTES.items()
    if "<int:pk>" in route.pattern and not name.partition(":")[2].startswith(EVERYBODYS)
)
LOCKED = [name for name in OBJECTS if name.startswith("reports:locked")]
# Nobody's: the route looks its object up within the one that is named first, which is somebody else's already.
ANY_ID = 1

first_rows = pages.first_rows


def address_of(name, cast):
    try:
        return pages._address(name, cast)
    except KeyError:
        arguments = pages._arguments(pages.ROUTES[name].pattern)
        values = {argument: pages.WORDS.get(argument, ANY_ID) for argument in arguments}
        return reverse(name, kwargs={**values, "pk": pages._object_for(name, cast)})


@pytest.fixture
def outsiders(reference):
    """One user of each role from another province, and the officers of another commune of this one."""
    abroad = make_organisation(make_province(), kind=OrganisationKind.DEPARTMENT)
    neighbour = make_organisation(unit("31972"), kind=OrganisationKind.COMMUNE_OFFICE)
    return [*(make_user(role, abroad) for role in Role), make_user(Role.LOCAL_OFFICER, neighbour)]


def test_there_are_objects_to_walk():
    assert len(OBJECTS) > 50


def test_outsiders_find_nothing(client, cast, first_rows, outsiders):
    """403 for those who may do no such thing anywhere, 404 for the others, whatever is sent; nothing is written."""
    report = lock(cast[Role.LEADER])  # once: the same report is not locked twice
    addresses = {name: reverse(name, args=[report.pk]) for name in LOCKED}
    addresses |= {name: address_of(name, cast) for name in OBJECTS if name not in LOCKED}
    wrong, before = {}, AuditEvent.objects.count()
    for user in outsiders:
        client.force_login(user)
        for name, address in addresses.items():
            may = pages.ROUTES[name].access.allows(permissions_of(user.role))
            for send in (client.get, client.post):
                response = send(address, {"version": "1", "do": "1"} if send is client.post else {})
                content_of(response)
                if response.status_code not in ((404, 405) if may else (403, 405)):
                    wrong[name, user.role, user.area_id, send.__name__] = response.status_code
    assert wrong == {}
    assert AuditEvent.objects.count() == before
