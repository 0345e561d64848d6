"""Events that wait for the end of a long transaction."""

import pytest
from django.db import transaction

from khuyencong.audit import gathering
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import Entry, broken_links, events_at_the_end, record, record_many
from programs.models import Partner

pytestmark = pytest.mark.django_db


def tell(user, partner, action):
    return record(by=user, action=action, action_label="Thử", obj=partner, changes={"Tên": (None, "Hội = 1")})


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize("in_memory", [4 * 1024 * 1024, 1])
def test_they_come_in_their_order_at_the_end(department_officer, monkeypatch, in_memory):
    monkeypatch.setattr(gathering, "_IN_MEMORY", in_memory)
    partner = Partner.objects.create(name="Hội A")
    tell(department_officer, partner, "before")
    with events_at_the_end():
        tell(department_officer, partner, "first")
        assert record_many([Entry(f"many {n}", "Thử", partner) for n in range(3)], by=department_officer) == 3
        partner.name = "Hội B"  # told as it was
        assert actions() == ["before"]
    tell(department_officer, partner, "after")
    assert actions() == ["before", "first", "many 0", "many 1", "many 2", "after"]
    assert AuditEvent.objects.get(action="first").object_label == "Hội A"
    assert AuditEvent.objects.get(action="first").changes == {"Tên": [None, "Hội = 1"]}
    assert not list(broken_links(AuditEvent.objects.order_by("pk")))


def test_what_fails_leaves_none(department_officer):
    partner = Partner.objects.create(name="Hội A")

    @transaction.atomic
    def fail():
        with events_at_the_end():
            tell(department_officer, partner, "first")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert actions() == []
    tell(department_officer, partner, "after")  # nobody gathers any more
    assert actions() == ["after"]


@pytest.mark.django_db(transaction=True)
def test_only_inside_a_transaction():
    with pytest.raises(transaction.TransactionManagementError), events_at_the_end():
        pass
