"""The title of the contract's draft follows the kind of contract."""

import pytest

from funding.models import Contract, ContractKind
from programs.models import WordKind
from programs.workflow import Status
from tests.programs.word import address, full_project, sign, text_of
from tests.responses import content_of

pytestmark = pytest.mark.django_db
SUPPORT, IMPLEMENTATION = "Hỗ trợ thực hiện đề án khuyến công năm", "Thực hiện đề án khuyến công năm"


def draft(client, project, participant=None):
    arguments = [participant] if participant else []
    return text_of(content_of(client.get(address(project, WordKind.CONTRACT, *arguments))))


def test_before_it_is_signed_the_payee_decides(client, centre_officer):
    project = full_project(centre_officer, Status.APPROVED)
    client.force_login(centre_officer)
    assert SUPPORT in draft(client, project, project.participants.first())


@pytest.mark.parametrize(
    ("kind", "title"), [(ContractKind.SUPPORT, SUPPORT), (ContractKind.IMPLEMENTATION, IMPLEMENTATION)]
)
def test_once_signed_its_kind_decides(client, centre_officer, kind, title):
    project = full_project(centre_officer, Status.CONTRACTED)
    sign(project, centre_officer)
    Contract.objects.filter(project=project).update(kind=kind)
    client.force_login(centre_officer)
    text = draft(client, project, project.participants.first())
    assert title in text
    assert (SUPPORT in text) is (kind is ContractKind.SUPPORT)
