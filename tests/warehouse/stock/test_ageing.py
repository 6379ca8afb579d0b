"""What must be left of goods by category and marketplace, on the day promised (P6.2); lots near their end and who acts (P6.5)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from assurance.gates.models import Stop
from assurance.notices.models import Notice
from assurance.refusals import WrongState
from tests import goods, orders
from tests.factories import NOON
from tests.warehouse.doors import ask, pages, send
from warehouse.orders import actions as parcels
from warehouse.orders.models import Allocation, Order
from warehouse.stock import actions, tasks
from warehouse.stock.actions import ageing
from warehouse.stock.models import EndingLot, LifeRule, Lot
from warehouse.stock.queries import LifeRules

if TYPE_CHECKING:
    from assurance.accounts.models import User

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def rule(eve: User, purpose: str, days: int, **given: Any) -> LifeRule:
    values = {"category_id": None, "channel": "", "share": None, "from_date": TODAY, "at": NOON} | given
    return actions.set_life_rule(purpose=purpose, days=days, actor=eve, **values)


def stocked(amal: User, wei: User, days_left: int, **given: Any) -> Lot:
    dates = {"produced_date": date(2024, 1, 1), "expiry_date": TODAY + timedelta(days=days_left)}
    return orders.stocked(amal, wei, quantity=10, **dates, **given)


def state_of(eve: User, lot: Lot, *, source: str, promised: int) -> str:
    order = orders.taken(eve, (lot.product, 1), source=source, promised_at=NOON + timedelta(days=promised))
    parcels.allocate([order.pk], actor=None, at=NOON)
    return Order.objects.get(pk=order.pk).state


@pytest.mark.row("P6.2")
class TestWhatMustBeLeft:
    def test_is_measured_on_the_day_promised_by_category_and_marketplace(self, amal: User, wei: User, eve: User) -> None:
        lot = stocked(amal, wei, 100)
        skincare = lot.product.category
        rule(eve, "sell", 90, channel="douyin")
        here = rule(eve, "sell", 80, channel="douyin", category_id=skincare.pk)
        rule(eve, "sell", 97, channel="douyin", category_id=skincare.parent_id)

        assert state_of(eve, lot, source="douyin", promised=20) == "allocated"
        assert state_of(eve, lot, source="douyin", promised=21) == "short"
        assert state_of(eve, lot, source="kuaishou", promised=55) == "allocated"
        assert state_of(eve, lot, source="kuaishou", promised=56) == "short"

        used = {one.order.source: one.life_rule_id for one in Allocation.objects.filter(lot=lot).select_related("order")}
        assert used == {"douyin": here.pk, "kuaishou": None}

    def test_is_set_for_days_to_come_only_and_stays_written(self, eve: User, amal: User) -> None:
        goods.category()
        sent = {"purpose": "sell", "category": "skincare", "channel": "", "days": 60, "share": "0.1", "from_date": "2026-11-20"}
        made = send(eve, "remaining-life/", sent)
        assert (made.status_code, made.json()["category"]) == (201, "skincare")
        assert send(eve, "remaining-life/", sent).json()["code"] == "set_already"
        assert send(eve, "remaining-life/", sent | {"from_date": "2026-11-19"}).json()["code"] == "not_from_the_past"
        for part in ("0", "0.0000001", "1"):
            assert send(eve, "remaining-life/", sent | {"share": part, "from_date": "2026-11-30"}).status_code in (400, 422), part
            refused = pages(eve).post("/lots/remaining-life/", sent | {"share": part, "from_date": "2026-11-30"})
            assert (refused.status_code, "share" in refused.context["form"].errors) == (422, True)
        whole = send(eve, "remaining-life/", {name: sent[name] for name in sent if name not in ("share", "category")})
        assert (whole.status_code, whole.json()["share"], whole.json()["category"]) == (201, None, None)
        later = sent | {"days": "70", "from_date": "2026-12-01"}
        assert pages(eve).post("/lots/remaining-life/", later).status_code == 302
        assert pages(amal).get("/lots/remaining-life/").status_code == 200

        skincare = goods.category()
        least = [LifeRules.of("sell", day=date(2026, month, 2)).least(skincare, life=None).days for month in (11, 12)]
        assert (LifeRule.objects.count(), least) == (3, [0, 70])


@pytest.mark.row("P6.5")
class TestLotsNearTheirEnd:
    def test_come_into_the_queue_at_the_days_that_are_set(self, amal: User, wei: User, eve: User) -> None:
        near, other = stocked(amal, wei, 75), stocked(amal, wei, 76)
        undated = orders.stocked(amal, wei, quantity=5, produced_date=None, expiry_date=None)

        tasks.queue_ending_lots()
        assert list(EndingLot.objects.values_list("lot_id", flat=True)) == [near.pk]
        rule(eve, "watch", 76)
        for _ in range(2):
            tasks.queue_ending_lots()

        assert list(EndingLot.objects.order_by("id").values_list("lot_id", flat=True)) == [near.pk, other.pk]
        assert not EndingLot.objects.filter(lot=undated).exists()
        ending = EndingLot.objects.get(lot=near)
        tasks.tell_of_end(ending_id=ending.pk)
        assert [notice.kind for notice in Notice.objects.filter(recipient=amal)] == ["lot_near_end"]

    def test_have_an_owner_who_decides_and_what_is_kept_is_on_hold(self, amal: User, wei: User, bea: User) -> None:
        lot = stocked(amal, wei, 20)
        tasks.queue_ending_lots()
        ending = EndingLot.objects.get(lot=lot)
        with pytest.raises(ageing.NotYours):
            actions.decide_ending(ending.pk, deed="hold", note="", actor=bea, at=NOON)

        assert pages(bea).post(f"/lots/near-their-end/{ending.pk}/look-after/").status_code == 302
        assert send(wei, f"lots-near-their-end/{ending.pk}/look-after/").json()["code"] == "taken_on"
        told = send(bea, f"lots-near-their-end/{ending.pk}/decide/", {"deed": "hold", "note": "too old to sell"}).json()

        assert (told["state"], told["deed"]) == ("done", "hold")
        assert Stop.objects.open(NOON).get(lot_id=lot.pk).because == "too old to sell"
        with pytest.raises(WrongState):
            actions.decide_ending(ending.pk, deed="destroy", note="", actor=bea, at=NOON)
        assert "too old to sell" in pages(amal).get("/lots/near-their-end/?state=done").content.decode()
        assert ask(amal, "lots-near-their-end/", state="open").json()["results"] == []

    def test_end_by_themselves_when_nothing_is_left(self, amal: User, wei: User, eve: User) -> None:
        lot = stocked(amal, wei, 70)
        tasks.queue_ending_lots()
        orders.shipped(eve, wei, (lot.product, 10))

        tasks.queue_ending_lots()

        assert EndingLot.objects.values_list("state", "deed", "owner").get(lot=lot) == ("done", "sold_out", None)
