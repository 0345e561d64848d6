"""Reading a response to its end without losing the test's transaction."""

from django.core.signals import request_finished
from django.db import close_old_connections


def content_of(response):
    """The whole body; the files behind it are closed.

    The end of a response closes database connections that are not in autocommit, as the one of a test never is.
    """
    body = b"".join(response)
    request_finished.disconnect(close_old_connections)
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)
    return body
