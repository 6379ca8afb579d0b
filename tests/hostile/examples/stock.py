"""Examples for lots in bins, on hold and recalled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils import timezone

from assurance.roles import Role
from tests import factories
from tests.hostile.examples.example import Example, number, somebody
from tests.hostile.examples.floors import lot
from warehouse.stock import actions
from warehouse.stock.actions import NewBin, Placing

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from warehouse.stock.models import Bin, Lot


def labelled() -> tuple[User, Lot, Bin]:
    """Return a person of a warehouse, a lot that stands there on the floor, and a bin."""
    _, wei, found = lot()
    made = actions.add_bins([NewBin("A-01", "picking")], warehouse_id=wei.organisation_id, actor=wei, at=timezone.now())
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


EXAMPLES: dict[str, Callable[[], Example]] = {
    "POST api:lot-place": place,
    "POST api:lot-hold": hold,
    "POST api:lot-recall": recall,
    "POST api:lot-let-go": let_go,
    "POST api:bin-list": lambda: Example(somebody(Role.WAREHOUSE_OPERATOR), {"code": f"B-{number()}", "kind": "storage"}, status=201),
    "GET api:bin-detail": show_bin,
}
