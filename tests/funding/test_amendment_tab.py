"""The tab of a project's versions."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from funding.actions.amendment import Money, amend
from programs.actions.amendment import Content, Decision
from tests.factories import add_participant
from tests.funding.amending import project_in_full
from tests.funding.makers import add_line, appraised_project, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(centre_officer, leader, accountant):
    return project_in_full(centre_officer, leader, accountant)


class TestVersions:
    def test_everybody_reads_them(self, client, cast, project):
        for user in cast.values():
            client.force_login(user)
            response = client.get(page("project-amendments", project))
            assert response.status_code == 200
            assert "Đề án chưa điều chỉnh lần nào" in response.content.decode()

    def test_before_approval_there_is_nothing(self, client, leader, local_officer):
        client.force_login(leader)
        response = client.get(page("project-amendments", appraised_project(local_officer, 10)))
        assert "Đề án chưa được phê duyệt" in response.content.decode()

    def test_the_queries_do_not_grow_with_versions_and_establishments(self, client, leader, project):
        client.force_login(leader)
        counts = set()
        for size in (1, 9):
            for step in range(size):
                add_line(project, approved=1, participant=add_participant(project))
                _amend(project, leader, f"{size}-{step}/QĐ")
            for name in ("project-amendments", "project-amend"):
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(page(name, project)).status_code == 200
                counts.add((name, len(queries)))
        assert len(counts) == 2, counts


def _amend(project, by, number):
    project.refresh_from_db()
    day = datetime.date(2025, 9, 1)
    amend(
        project_id=project.pk,
        content=Content(values={"name": f"Tên theo {number}"}, figures=[]),
        money=Money(),
        decision=Decision(number, day, day, "Đổi tên"),
        by=by,
        version=project.version,
    )
