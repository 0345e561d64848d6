"""Journeys in Debian's chromium against a real server; workbooks recalculated by LibreOffice."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import ConsoleMessage, Page, Request
from pytest_django.live_server_helper import LiveServer

HERE = Path(__file__).parent
# chromium looks up its maker's hosts at every start unless told not to; as root it needs --no-sandbox.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(tryfirst=True)  # before pytest drops what `-m` does not select
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


def _program(name: str, package: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.fail(f"{name} is not installed. On Debian: sudo apt install {package}", pytrace=False)
    return path


@pytest.fixture(scope="session", autouse=True)
def orm_beside_playwright() -> Iterator[None]:
    """Playwright keeps an event loop in this thread, which Django would take for an async view using the database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file: in memory, all threads of the live server would share one connection and its transaction."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """`page.goto("/")` opens the portal."""
    return live_server.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": _program("chromium", "chromium"), "args": CHROMIUM_ARGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 1366, "height": 768},
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        "accept_downloads": True,
    }


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page that fails its test on script errors, blocked content and requests off this machine."""
    faults: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            faults.append(message.text)

    def on_request(request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https") and url.hostname not in ("localhost", "127.0.0.1"):
            faults.append(f"request to {request.url}")

    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", on_console)
    page.on("request", on_request)
    yield page
    assert faults == []


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Folder for pictures that a person looks at: `page.screenshot(path=screenshots / "login.png")`."""
    folder = settings.BASE_DIR / ".local" / "artefacts" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def recalculate(libreoffice: Callable[[Path, str], Path]) -> Callable[[Path], Path]:
    """`recalculate(path)` opens a workbook in LibreOffice and saves it anew: its formulas then hold their values."""
    return lambda workbook: libreoffice(workbook, "xlsx")


@pytest.fixture
def libreoffice(tmp_path: Path) -> Callable[[Path, str], Path]:
    """`libreoffice(path, "pdf")` converts a document and returns the new file."""

    def convert(source: Path, to: str) -> Path:
        out = tmp_path / "libreoffice"
        subprocess.run(
            [
                _program("soffice", "libreoffice-calc"),
                # A profile of its own: it runs beside an open LibreOffice.
                f"-env:UserInstallation={(tmp_path / 'libreoffice-profile').as_uri()}",
                "--headless",
                *("--convert-to", to),
                *("--outdir", str(out)),
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=180,
            env={**os.environ, "HOME": str(tmp_path)},
        )
        result = out / f"{source.stem}.{to}"
        assert result.exists(), "LibreOffice wrote nothing: it could not read the file"
        return result

    return convert
