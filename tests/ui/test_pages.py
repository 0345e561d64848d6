"""The frame of every page: menu, login, error pages, and that nothing on them needs what the CSP forbids."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views import defaults

from khuyencong.accounts.permissions import Permission
from khuyencong.ui.context import navigation
from khuyencong.ui.navigation import MENU, Entry, Group, build_menu

TEMPLATES = sorted(path for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"))
ENTRIES = [entry for line in MENU for entry in (line.entries if isinstance(line, Group) else (line,))]


class Visitor:
    """A user as the menu sees one: somebody who holds certain permissions."""

    is_authenticated = True

    def __init__(self, *permissions: Permission) -> None:
        self.permissions = permissions

    def has_permission(self, permission: Permission) -> bool:
        return permission in self.permissions


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.url_name)
def test_every_entry_of_the_menu_leads_somewhere(entry: Entry) -> None:
    assert reverse(entry.url_name).startswith("/")


def test_menu_shows_only_what_the_visitor_may_open() -> None:
    menu = build_menu(Visitor(Permission.HOME, Permission.PROJECT_VIEW), "/")
    assert [item.label for item in menu] == ["Việc của tôi", "Đề án", "Thời hạn", "Chương trình"]
    assert [child.label for child in menu[-1].children] == ["Đợt đăng ký", "Hội đồng thẩm định", "Đợt gửi Bộ"]


def test_group_shows_with_its_permitted_entries_and_not_without_any() -> None:
    menu = build_menu(Visitor(Permission.AUDIT_VIEW), "/")
    assert [(item.label, [child.label for child in item.children]) for item in menu] == [
        ("Quản trị", ["Nhật ký hệ thống"])
    ]
    assert build_menu(Visitor(), "/") == []


def test_one_entry_is_active_the_one_whose_address_holds_the_page() -> None:
    visitor = Visitor(*Permission)
    projects = reverse("programs:project-list")
    paths = [(projects, "Đề án"), (f"{projects}12/", "Đề án"), ("/", "Việc của tôi")]
    paths += [(reverse(f"funding:{page}", args=[12]), "Đề án") for page in ("project-money", "project-approve")]
    paths += [(reverse(f"funding:{page}"), "Kinh phí") for page in ("budget-board", "disbursement-list")]
    for path, label in paths:
        assert [item.label for item in build_menu(visitor, path) if item.active] == [label]
    audit = [item for item in build_menu(visitor, reverse("audit:event-list")) if item.active]
    assert [(item.label, [c.label for c in item.children if c.active]) for item in audit] == [
        ("Quản trị", ["Nhật ký hệ thống"])
    ]
    assert not [item for item in build_menu(visitor, "/khong-co/") if item.active]


def test_missing_route_leaves_the_entry_out(monkeypatch: pytest.MonkeyPatch) -> None:
    menu = (Entry("Có", "login", Permission.HOME), Entry("Không", "no-such:route", Permission.HOME))
    monkeypatch.setattr("khuyencong.ui.navigation.MENU", menu)
    assert [item.label for item in build_menu(Visitor(Permission.HOME), "/")] == ["Có"]


def test_menu_is_empty_before_login_and_without_a_user() -> None:
    request: Any = RequestFactory().get("/")
    assert list(navigation(request)["nav_items"]) == []


@pytest.mark.django_db
def test_login_page_says_in_vietnamese_that_the_password_is_wrong(client: Client) -> None:
    page = client.get(reverse("login")).content.decode()
    assert "Cổng quản lý khuyến công" in page
    assert "Tên đăng nhập" in page
    refused = client.post(reverse("login"), {"username": "ai-do", "password": "sai"})
    assert refused.status_code == 200
    html = refused.content.decode()
    assert 'role="alert"' in html
    assert 'value="ai-do"' in html
    assert "Please" not in html


def test_error_pages_speak_vietnamese() -> None:
    request: Any = RequestFactory().get("/khong-co/")
    assert "Không tìm thấy trang" in defaults.page_not_found(request, Http404()).content.decode()
    assert "Vai trò của tài khoản" in defaults.permission_denied(request, PermissionDenied()).content.decode()
    assert "Yêu cầu không hợp lệ" in defaults.bad_request(request, ValueError()).content.decode()
    assert "Lỗi hệ thống" in defaults.server_error(request).content.decode()
    assert "Phiên làm việc" in render_to_string("403_csrf.html", request=request)


def test_a_refused_person_reads_the_reason() -> None:
    request: Any = RequestFactory().get("/")
    page = defaults.permission_denied(request, PermissionDenied("Địa bàn <Hồng Dân> không thuộc phạm vi.")).content
    assert "Địa bàn &lt;Hồng Dân&gt; không thuộc phạm vi." in page.decode()
    assert "Vai trò của tài khoản" not in page.decode()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_needs_inline_scripts_or_styles(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|javascript:", source)
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", source)


def test_every_icon_in_the_templates_is_vendored() -> None:
    found = finders.find("vendor/bootstrap-icons/icons.svg")
    assert isinstance(found, str)
    known = set(re.findall(r'<symbol id="([^"]+)"', Path(found).read_text(encoding="utf-8")))
    used = {name for path in TEMPLATES for name in re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8"))}
    used |= {line.icon for line in (*MENU, *ENTRIES)}
    assert used - known == set()


def test_vendored_files_fetch_nothing_from_elsewhere() -> None:
    for name in ("vendor/bootstrap/bootstrap.min.css", "css/portal.css"):
        found = finders.find(name)
        assert isinstance(found, str)
        source = Path(found).read_text(encoding="utf-8")
        assert not re.search(r"""url\(["']?(?!["']?data:|["']?#)""", source)
        assert "sourceMappingURL" not in source
