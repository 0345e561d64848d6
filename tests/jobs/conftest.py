import pytest

from tests.jobs.kinds import add_kinds


@pytest.fixture(autouse=True)
def kinds():
    with add_kinds():
        yield
