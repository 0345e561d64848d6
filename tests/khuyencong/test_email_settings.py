"""How mail goes out is one address in the environment."""

import runpy

import pytest
from django.conf import settings
from django.core import mail

CONSOLE = "django.core.mail.backends.console.EmailBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
FILES = "django.core.mail.backends.filebased.EmailBackend"


@pytest.fixture
def settings_with(monkeypatch, tmp_path):
    def read(**environment):
        monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
        for name in ("EMAIL_URL", "EMAIL_TIMEOUT", "DEFAULT_FROM_EMAIL"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(settings.BASE_DIR / "khuyencong" / "settings.py"))

    return read


def test_with_nothing_set_mail_is_printed(settings_with):
    found = settings_with()
    assert found["EMAIL_BACKEND"] == CONSOLE
    assert found["DEFAULT_FROM_EMAIL"] == "khuyencong@localhost"
    assert found["EMAIL_TIMEOUT"] == 30


@pytest.mark.parametrize(
    ("url", "host", "user", "password", "tls"),
    [
        ("smtp+tls://kc%40so.vn:p%2Fw%23@mail.so.vn:587", ("mail.so.vn", 587), "kc@so.vn", "p/w#", (True, False)),
        ("smtp+ssl://kc:bi-mat@mail.so.vn:465", ("mail.so.vn", 465), "kc", "bi-mat", (False, True)),
        ("smtp://localhost:25", ("localhost", 25), "", "", (False, False)),
    ],
)
def test_a_mail_server(settings_with, url, host, user, password, tls):
    found = settings_with(EMAIL_URL=url, DEFAULT_FROM_EMAIL="Cổng khuyến công <kc@so.vn>", EMAIL_TIMEOUT="5")
    assert found["EMAIL_BACKEND"] == SMTP
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == host
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == (user, password)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == tls
    assert (found["DEFAULT_FROM_EMAIL"], found["EMAIL_TIMEOUT"]) == ("Cổng khuyến công <kc@so.vn>", 5)


def test_files_hold_the_messages_as_they_would_be_sent(settings_with, tmp_path, settings):
    folder = tmp_path / "mail"
    found = settings_with(EMAIL_URL=f"filemail:///{folder}")
    assert (found["EMAIL_BACKEND"], found["EMAIL_FILE_PATH"]) == (FILES, str(folder))
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = found["EMAIL_BACKEND"], found["EMAIL_FILE_PATH"]
    mail.send_mail("Nhắc hạn", "Đề án quá hạn", "Cổng khuyến công <kc@so.vn>", ["xa@so.vn"])
    (written,) = folder.iterdir()
    assert b"To: xa@so.vn" in written.read_bytes()
