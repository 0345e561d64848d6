"""Advance limits, contracts and accepted costs for tests."""

import datetime
from decimal import Decimal

from django.utils import timezone

from funding.models import AcceptedCost, AdvanceLimit, Contract
from programs.models import Certainty, SupportItem
from tests.funding.makers import DECIDED

OVER = "Theo biên bản làm việc với kho bạc"


def make_limit(row=10, percent="70", valid_from=datetime.date(2025, 1, 1), **values):
    """A confirmed limit of one support item; it binds unless told otherwise."""
    defaults = {
        "applies_to": "Máy móc thiết bị",
        "first_advance_percent": Decimal(percent),
        "legal_basis": "Thông tư thử nghiệm",
        "certainty": Certainty.CONFIRMED,
        "valid_from": valid_from,
    }
    limit = AdvanceLimit.objects.create(**{**defaults, **values})
    limit.support_items.set(SupportItem.objects.filter(row=row))
    return limit


def make_contract(project, by, vnd, participant=None, number="01/HĐ"):
    return Contract.objects.create(
        project=project,
        participant=participant,
        number=number,
        signed_date=DECIDED,
        support_vnd=vnd,
        recorded_by=by,
        recorded_at=timezone.now(),
    )


def accept_cost(project, by, vnd, participant=None):
    return AcceptedCost.objects.create(
        project=project, participant=participant, accepted_vnd=vnd, recorded_by=by, recorded_at=timezone.now()
    )
