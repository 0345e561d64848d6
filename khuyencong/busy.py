"""When the database lets nobody in for a while, such as during the writing of a long file: told, not an error."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views import defaults

SECONDS = 60
# PostgreSQL: deadlock detected, lock not available, could not serialize.
_POSTGRESQL = frozenset({"40P01", "55P03", "40001"})


def is_busy(error: BaseException | None) -> bool:
    """Whether the same request may well succeed a little later: nothing of it was kept."""
    if not isinstance(error, OperationalError):
        return False
    return "database is locked" in str(error) or getattr(error.__cause__, "pgcode", None) in _POSTGRESQL


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for whatever no view has caught."""
    if not is_busy(sys.exc_info()[1]):
        return defaults.server_error(request)
    return HttpResponse(loader.get_template("503.html").render(), status=503, headers={"Retry-After": str(SECONDS)})
