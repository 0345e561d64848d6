"""What every test stands on: no network, files in a folder of its own, passwords hashed fast."""

import os
import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db import connection
from django.test import override_settings
from pytest_django import Settings

from tests.cast import *  # noqa: F403  (the fixtures of the standing cast)

# No deadline: two processes on a busy machine make any time limit a coin toss. CI tries the same examples each time.
hypothesis.settings.register_profile("portal", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("portal")


class NetworkForbidden(RuntimeError):
    """A test tried to leave this machine."""


def _is_local(family: int, address: Any) -> bool:
    if family == socket.AF_UNIX:
        return True
    host = address[0]
    if host in ("", "localhost"):
        return True
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    """The socket method, refused for addresses off this machine; the address is always its last argument."""

    def call(self: socket.socket, *args: Any) -> Any:
        if not _is_local(self.family, args[-1]):
            raise NetworkForbidden(f"Tests may not reach {args[-1]!r}")
        return method(self, *args)

    return call


def _guarded_lookup(getaddrinfo: Callable[..., Any]) -> Callable[..., Any]:
    def call(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not _is_local(socket.AF_INET, (name,)):
            raise NetworkForbidden(f"Tests may not look up {name!r}")
        return getaddrinfo(host, *args, **kwargs)

    return call


@pytest.fixture(scope="session", autouse=True)
def network_off() -> Iterator[None]:
    """Loopback addresses and Unix sockets only (the live server, PostgreSQL)."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
        yield


@pytest.fixture(scope="session", autouse=True)
def settings_for_tests(django_test_environment: None) -> Iterator[None]:
    with override_settings(
        # The real hasher is slow on purpose.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        # Static files are found when asked for: otherwise every test client would list them all at its start.
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
        # The office suite takes seconds; the tests that are about it put it back.
        LIBREOFFICE="none",
        # A child process would look for the real database; tests/jobs/test_process.py gives it one of its own.
        JOBS_RUNNER="inline",
    ):
        yield


@pytest.fixture(autouse=True)
def files_in_tmp(settings: Settings, tmp_path: Path) -> Path:
    """Attachments of this test, gone after it."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if connection.vendor == "postgresql":
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL: make test-postgres")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(skip)
