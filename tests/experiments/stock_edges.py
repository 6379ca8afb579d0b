"""Every edge of counts and of lots near their end."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from assurance.accounts.models import User
from tests import goods
from tests.experiments.races import Edge
from tests.factories import NOON
from warehouse.stock import actions
from warehouse.stock.actions import Counted
from warehouse.stock.models import CountLine, CycleCount, EndingLot

if TYPE_CHECKING:
    from tests.experiments.edges import Cast

_numbers = itertools.count(1)


class Steps:
    """Who takes the steps; only ids cross into the racing processes."""

    def __init__(self, cast: Cast) -> None:
        self.wei = cast.wei
        self.lot = goods.lot(cast.amal, cast.wei, lot="COUNTED", quantity=100)
        self.amal = cast.amal

    def again(self) -> User:
        return User.objects.select_related("organisation").get(pk=self.wei.pk)

    def opened(self) -> CycleCount:
        place = {"warehouse_id": self.wei.organisation_id, "bins": "", "lot_number": self.lot.number}
        return actions.open_count(is_blind=True, actor=self.wei, at=NOON, **place)

    def counted(self) -> CycleCount:
        return self.record(self.opened().pk)

    def ending(self) -> EndingLot:
        lot = goods.lot(self.amal, self.wei, lot=f"ENDING-{next(_numbers)}", product=self.lot.product)
        owners = {"merchant_id": lot.merchant_id, "warehouse_id": lot.warehouse_id}
        row = EndingLot.objects.create(lot=lot, opened_at=NOON, **owners)
        return actions.look_after(row.pk, actor=self.wei, at=NOON)

    def record(self, pk: int) -> CycleCount:
        lines = CountLine.objects.filter(count_id=pk).order_by("id")
        return actions.record_counts(pk, [Counted(line.pk, 100) for line in lines], actor=self.again(), at=NOON)

    def post(self, pk: int) -> object:
        return actions.post_count(pk, reasons={}, actor=self.again(), at=NOON)

    def count_again(self, pk: int) -> object:
        return actions.count_again(pk, actor=self.again(), at=NOON)

    def cancel(self, pk: int) -> object:
        return actions.cancel_count(pk, actor=self.again(), at=NOON)

    def decide(self, pk: int) -> object:
        return actions.decide_ending(pk, deed="send_back", note="", actor=self.again(), at=NOON)


def stock_edges(cast: Cast) -> list[Edge]:
    steps = Steps(cast)
    count = "warehouse.cyclecount.state"
    return [
        Edge(count, "open", "counted", steps.opened, steps.record),
        Edge(count, "open", "cancelled", steps.opened, steps.cancel),
        Edge(count, "counted", "posted", steps.counted, steps.post),
        Edge(count, "counted", "open", steps.counted, steps.count_again),
        Edge("warehouse.endinglot.state", "open", "done", steps.ending, steps.decide),
    ]
