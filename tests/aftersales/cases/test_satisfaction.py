"""How satisfied buyers are, as a fact of the merchant."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from aftersales.cases import actions
from aftersales.cases.models import CaseRating
from assurance.evidence.models import Fact
from tests import cases
from tests.factories import NOON

if TYPE_CHECKING:
    from warehouse.orders.models import Parcel

KINDS = ("damaged", "late", "missing_item")


def test_is_the_share_of_fours_and_fives_of_the_last_ninety_days(parcel: Parcel) -> None:
    for kind, score, days in zip(KINDS, (5, 4, 3), (0, 1, 2), strict=True):
        case = cases.opened(parcel, kind=kind)
        CaseRating.objects.create(case=case, merchant_id=case.merchant_id, score=score, rated_at=NOON - timedelta(days=days))

    written = [actions.report_satisfaction(at=NOON + timedelta(days=days)) for days in (0, 1, 89, 91)]

    facts = Fact.objects.filter(name="service_satisfied", subject_id=parcel.merchant_id).order_by("id")
    assert written == [1, 0, 1, 1]
    assert [(str(one.value), one.sample_size) for one in facts] == [("0.666667", 3), ("1.000000", 1), ("0.000000", 0)]
