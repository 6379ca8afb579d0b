"""Examples for lots in bins, on hold and recalled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from assurance.roles import Role
from tests import factories, goods
from tests.hostile.examples.example import Example, number, somebody
from tests.hostile.examples.floors import lot
from warehouse.stock import actions
from warehouse.stock.actions import NewBin, Placing
from warehouse.stock.models import CountLine, EndingLot

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from warehouse.stock.models import Bin, Lot


def labelled() -> tuple[User, Lot, Bin]:
    """Return a person of a warehouse, a lot that stands there on the floor, and a bin."""
    _, wei, found = lot()
    made = actions.add_bins([NewBin("A-01", "waiting")], warehouse_id=wei.organisation_id, actor=wei, at=timezone.now())
    return wei, found, made[0]


def place() -> Example:
    wei, found, _ = labelled()
    return Example(wei, {"source": "", "target": "A-01", "quantity": 10, "reference": f"scan-{number()}"}, path={"pk": found.pk})


def show_bin() -> Example:
    wei, found, made = labelled()
    actions.place([Placing(found.pk, "", "A-01", 10, "first")], actor=wei, at=timezone.now())
    return Example(wei, path={"pk": made.pk})


def hold() -> Example:
    _, wei, found = lot()
    return Example(factories.user(Role.QC_LEAD, wei.organisation), {"reason": "smells of solvent"}, path={"pk": found.pk})


def recall() -> Example:
    return Example(somebody(Role.PLATFORM_ADMIN), {"reason": "wrong label"}, path={"pk": lot()[2].pk})


def let_go() -> Example:
    found = hold()
    actions.hold([int(str(found.path["pk"]))], because="leaks", actor=somebody(Role.PLATFORM_ADMIN), at=timezone.now())
    return Example(found.user, {"stop": "hold", "reason": "looked at it"}, path=found.path)


def opened() -> Example:
    """Return an open count of two places."""
    wei, found, _ = labelled()
    actions.place([Placing(found.pk, "", "A-01", 10, "first")], actor=wei, at=timezone.now())
    place = {"warehouse_id": wei.organisation_id, "bins": "", "lot_number": found.number}
    count = actions.open_count(is_blind=False, actor=wei, at=timezone.now(), **place)
    return Example(wei, path={"pk": count.pk})


def record() -> Example:
    found = opened()
    line = CountLine.objects.filter(count_id=found.path["pk"]).order_by("id")[0]
    return Example(found.user, {"lines": [{"line": line.pk, "units": 10}]}, path=found.path)


def settle() -> Example:
    found = opened()
    line = CountLine.objects.filter(count_id=found.path["pk"]).order_by("id")[0]
    return Example(found.user, {"how": "cancel", "reasons": [{"line": line.pk, "reason": "lost"}]}, path=found.path)


def open_count() -> Example:
    wei, found, _ = labelled()
    return Example(wei, {"bins": "", "lot_number": found.number, "is_blind": True}, status=201)


def ending(**body: object) -> Example:
    """Return a lot near its end and a person who may look after it."""
    _, wei, found = lot()
    owners = {"merchant_id": found.merchant_id, "warehouse_id": found.warehouse_id}
    row = EndingLot.objects.create(lot=found, opened_at=timezone.now(), **owners)
    return Example(wei, dict(body), path={"pk": row.pk})


def decide() -> Example:
    found = ending(deed="send_back", note="the merchant fetches it")
    actions.look_after(int(str(found.path["pk"])), actor=found.user, at=timezone.now())
    return found


def set_rule() -> Example:
    goods.category()
    body = {"purpose": "sell", "category": "skincare", "channel": f"shop{number()}", "days": 60, "share": "0.1"}
    day = timezone.localdate() + timedelta(days=9)
    return Example(somebody(Role.PLATFORM_ADMIN), body | {"from_date": day.isoformat()}, shared=frozenset({"category"}), status=201)


EXAMPLES: dict[str, Callable[[], Example]] = {
    "POST api:lot-place": place,
    "POST api:lot-hold": hold,
    "POST api:lot-recall": recall,
    "POST api:lot-let-go": let_go,
    "POST api:count-list": open_count,
    "GET api:count-detail": opened,
    "POST api:count-record": record,
    "POST api:count-settle": settle,
    "GET api:ending-lot-detail": ending,
    "POST api:ending-lot-look-after": ending,
    "POST api:ending-lot-decide": decide,
    "POST api:life-rule-list": set_rule,
    "POST api:bin-list": lambda: Example(somebody(Role.WAREHOUSE_OPERATOR), {"code": f"B-{number()}", "kind": "storage"}, status=201),
    "GET api:bin-detail": show_bin,
}
