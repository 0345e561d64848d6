"""The standing cast: one person per role, and a stranger from another province. Imported by conftest.py."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from khuyencong.accounts.models import OrganisationKind, User
from khuyencong.accounts.permissions import Role
from khuyencong.audit.append_only import install_statements, remove_statements
from khuyencong.localities.models import AdministrativeUnit
from tests.factories import make_organisation, make_province, make_user, unit

APPEND_ONLY_TABLES = (
    "audit_auditevent",
    "funding_advancecheck",
    "funding_amendedline",
    "funding_budgetentry",
    "funding_budgetyearevent",
    "funding_carryover",
    "funding_ledgerentry",
    "funding_normcheck",
    "funding_settlementline",
    "programs_amendment",
    "programs_duplicatereason",
    "reports_areareport",
    "reports_lockedreport",
    "reports_reportunlock",
)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database holds the reference data, as a real one does."""
    with django_db_blocker.unblock():
        call_command("load_reference", stdout=StringIO())


@pytest.fixture
def reference(db: None) -> None:
    """Reference data, loaded again where an earlier test has emptied the database."""
    if not AdministrativeUnit.objects.exists():
        call_command("load_reference", stdout=StringIO())


def _is_transactional(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return (
        "transactional_db" in request.fixturenames
        or "live_server" in request.fixturenames
        or bool(marker and marker.kwargs.get("transaction"))
    )


@pytest.fixture(autouse=True)
def append_only_tables_can_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """SQLite empties tables by DELETE between tests that commit, which the triggers rightly refuse."""
    if connection.vendor != "sqlite" or not _is_transactional(request):
        yield
        return
    request.getfixturevalue("transactional_db")
    _execute(install_statements)
    yield
    _execute(remove_statements)


def _execute(statements: Any) -> None:
    with connection.cursor() as cursor:
        for table in APPEND_ONLY_TABLES:
            for statement in statements(connection.vendor, table):
                cursor.execute(statement)


@pytest.fixture
def department_officer(reference: None) -> User:
    organisation = make_organisation(
        unit("96"), kind=OrganisationKind.DEPARTMENT, name="Sở Công Thương", parent_name="UBND TỈNH CÀ MAU"
    )
    return make_user(Role.DEPARTMENT_OFFICER, organisation)


@pytest.fixture
def centre_officer(reference: None) -> User:
    return make_user(Role.CENTRE_OFFICER, make_organisation(unit("96"), kind=OrganisationKind.CENTRE))


@pytest.fixture
def local_officer(reference: None) -> User:
    return make_user(Role.LOCAL_OFFICER, make_organisation(unit("31843"), kind=OrganisationKind.COMMUNE_OFFICE))


@pytest.fixture
def other_local_officer(reference: None) -> User:
    return make_user(Role.LOCAL_OFFICER, make_organisation(unit("31972"), kind=OrganisationKind.COMMUNE_OFFICE))


@pytest.fixture
def accountant(reference: None) -> User:
    return make_user(Role.ACCOUNTANT, make_organisation(unit("96"), kind=OrganisationKind.DEPARTMENT))


@pytest.fixture
def leader(reference: None) -> User:
    return make_user(Role.LEADER, make_organisation(unit("96"), kind=OrganisationKind.DEPARTMENT))


@pytest.fixture
def auditor(reference: None) -> User:
    return make_user(Role.AUDITOR, make_organisation(unit("96"), kind=OrganisationKind.INSPECTORATE))


@pytest.fixture
def system_admin(reference: None) -> User:
    return make_user(Role.SYSTEM_ADMIN, make_organisation(unit("96"), kind=OrganisationKind.DEPARTMENT))


@pytest.fixture
def stranger(reference: None) -> User:
    """A Department officer of another province."""
    return make_user(Role.DEPARTMENT_OFFICER, make_organisation(make_province(), kind=OrganisationKind.DEPARTMENT))


@pytest.fixture
def cast(
    department_officer: User,
    centre_officer: User,
    local_officer: User,
    accountant: User,
    leader: User,
    auditor: User,
    system_admin: User,
) -> dict[Role, User]:
    """One user of each role, all of whom may see a project in xã Hồng Dân."""
    people = (department_officer, centre_officer, local_officer, accountant, leader, auditor, system_admin)
    return {Role(user.role): user for user in people}
