"""As many queries for many cases as for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.cases import actions
from aftersales.cases.actions import Appeal, Finished, Said
from aftersales.cases.models import Case, Remedy
from aftersales.diagnosis.actions import keep_diagnoses
from aftersales.signals.actions import Noticed, open_what_fires
from aftersales.signals.rules import Finding, Rule
from tests import cases, orders
from tests.factories import NOON
from tests.harness import session
from warehouse.orders.actions import Step
from warehouse.orders.actions import ship as ship_all
from warehouse.orders.models import Parcel

if TYPE_CHECKING:
    from assurance.accounts.models import User

MANY = session.many(50)
pytestmark = pytest.mark.sampled


@pytest.fixture
def parcels(amal: User, wei: User) -> list[Parcel]:
    """One parcel more than many, all of which left."""
    lot = orders.stocked(amal, wei, quantity=MANY + 1)
    found = orders.take(amal, [orders.paid((lot.product, 1)) for _ in range(MANY + 1)])
    orders.actions.allocate([one.pk for one in found], actor=None, at=NOON)
    sent = list(Parcel.objects.order_by("pk"))
    orders.actions.pick([Step(one.pk) for one in sent], actor=wei, at=NOON)
    orders.check_all(orders.pack_all(sent, wei))
    return ship_all([Step(one.pk) for one in sent], actor=wei, at=NOON)


def cost(call: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as counted:
        call()
    return len(counted)


class TestEveryStep:
    def test_costs_the_same_for_one_and_for_many(self, parcels: list[Parcel], cai: User, rui: User, amal: User) -> None:
        one, many = parcels[:1], parcels[1:]

        def both(step: Callable[[list[Parcel]], Any]) -> None:
            assert cost(lambda: step(one)) == cost(lambda: step(many))

        def of(some: list[Parcel]) -> list[Case]:
            return list(Case.objects.filter(about_id__in=[parcel.pk for parcel in some]).order_by("pk"))

        def ids(some: list[Parcel]) -> list[int]:
            return [case.pk for case in of(some)]

        both(lambda some: actions.open_cases([cases.about(parcel) for parcel in some], actor=cai, at=NOON))
        assert Case.objects.count() == MANY + 1
        first, second = ids(one), ids(many)
        assert cost(lambda: actions.claim(first, actor=cai, at=NOON)) == cost(lambda: actions.claim(second, actor=cai, at=NOON))

        def ask(numbers: list[int]) -> Any:
            said = [Said(pk, "Well?", to_merchant=True, waits_for="merchant") for pk in numbers]
            return actions.write(said, actor=cai, at=NOON)

        assert cost(lambda: ask(first)) == cost(lambda: ask(second))

        def reply(numbers: list[int]) -> Any:
            return actions.write([Said(pk, "So.", side="merchant") for pk in numbers], actor=amal, at=NOON)

        assert cost(lambda: reply(first)) == cost(lambda: reply(second))
        wanted = (
            [cases.proposal(case, outcome="return_refund") for case in of(one)],
            [cases.proposal(case, outcome="return_refund") for case in of(many)],
        )
        made: list[Any] = []

        def propose(some: Sequence[Any]) -> None:
            made.append(actions.propose(some, actor=cai, at=NOON))

        few, lots = (cost(partial(propose, some)) for some in wanted)
        assert few == lots
        rounds = [[decision.pk for decision in some] for some in made]
        few, lots = (cost(partial(keep_diagnoses, some, at=NOON)) for some in rounds)
        assert few == lots
        few, lots = (cost(partial(actions.decide, some, actor=rui, at=NOON)) for some in rounds)
        assert few == lots
        refunds = [
            [Finished(pk, "RF") for pk in Remedy.objects.filter(case_id__in=some, kind="refund").values_list("pk", flat=True)]
            for some in (first, second)
        ]
        few, lots = (cost(partial(actions.finish_remedies, some, actor=cai, at=NOON)) for some in refunds)
        assert few == lots
        backs = [
            list(Remedy.objects.filter(case_id__in=some, kind="return").values_list("subject_id", flat=True)) for some in (first, second)
        ]
        few, lots = (cost(partial(actions.finish_returns, [pk for pk in some if pk], at=NOON)) for some in backs)
        assert few == lots
        assert cost(lambda: actions.close(first, actor=cai, at=NOON)) == cost(lambda: actions.close(second, actor=cai, at=NOON))
        few, lots = (
            cost(partial(actions.appeal, [Appeal(pk, "merchant", "No.") for pk in some], actor=amal, at=NOON)) for some in (first, second)
        )
        assert few == lots
        assert Case.objects.filter(state="appealed").count() == MANY + 1

    def test_costs_the_same_for_what_the_rules_find(self, parcels: list[Parcel]) -> None:
        def fire(some: list[Parcel]) -> int:
            found = Finding(Decimal("0.90"), "No event for 90 hours; 48 are the limit.")
            return open_what_fires([Noticed(Rule.SILENT_PARCEL, "warehouse.parcel", one.pk, found) for one in some], at=NOON)

        assert cost(lambda: fire(parcels[:1])) == cost(lambda: fire(parcels[1:]))
        assert Case.objects.filter(rule="silent_parcel").count() == MANY + 1
        assert fire(parcels) == 0
