"""What a warehouse does beside the parcels: put goods into bins, count them, offer times at the gate, put aside what differs."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, Final

from assurance.accounts.models import Organisation
from assurance.products.models import Category
from warehouse.inbound import actions as inbound
from warehouse.inbound.lifecycle import Kind, Resolution
from warehouse.inbound.models import ShipmentNotice
from warehouse.stock import actions as stock
from warehouse.stock.actions import Counted, NewBin, Placing
from warehouse.stock.custody import Custody
from warehouse.stock.models import CountLine, Lot
from warehouse.stock.queries import custodies, units_at

if TYPE_CHECKING:
    from demo.story import Stage

WAREHOUSE: Final = "HZXS"
AT_HAND: Final = 120
"""Units of a lot in its picking bin; the rest stands in storage."""
LIFE_RULES: Final = (("sell", "snacks", "demo-mall", 60), ("sell", "nuts", "", 75), ("watch", "snacks", "", 90), ("watch", "nuts", "", 100))
MISSING: Final = 3
HOUR: Final = timedelta(hours=1)


def set_rules(stage: Stage) -> None:
    """Say how much life goods must have left, before the month begins."""
    at = stage.ago(40)
    for purpose, code, channel, days in LIFE_RULES:
        category = Category.objects.get(code=code)
        stock.set_life_rule(
            purpose=purpose,
            category_id=category.pk,
            channel=channel,
            days=days,
            share=None,
            from_date=at.date(),
            actor=stage.people["admin"],
            at=at,
        )


def put_away(stage: Stage) -> None:
    """Put every lot into bins: what is released at hand and into storage, the rest apart."""
    warehouse, keeper = Organisation.objects.get(code=WAREHOUSE), stage.people["warehouse"]
    lots = list(Lot.objects.filter(warehouse=warehouse).order_by("id"))
    there = custodies([lot.pk for lot in lots])
    for number, lot in enumerate(lots, 1):
        released = there.get((lot.pk, Custody.RELEASED), 0)
        others = there.get((lot.pk, Custody.PENDING), 0) + there.get((lot.pk, Custody.HELD), 0)
        at_hand = min(AT_HAND, released)
        places = [
            (NewBin(code, kind), units)
            for code, kind, units in (
                (f"A-{number:02}", "picking", at_hand),
                (f"S-{number:02}-1", "storage", released - at_hand),
                (f"Q-{number:02}", "waiting", others),
            )
            if units
        ]
        at = min(lot.first_received_at + 6 * HOUR, stage.now)
        stock.add_bins([one for one, _ in places], warehouse_id=warehouse.pk, actor=keeper, at=at)
        stock.place(
            [Placing(lot.pk, "", one.code, units, f"put-away/{lot.number}/{one.code}") for one, units in places], actor=keeper, at=at
        )


def offer_times(stage: Stage) -> None:
    """Open the gate's slots for some days, and let a merchant choose one."""
    tomorrow = stage.today + timedelta(days=1)
    slots = inbound.open_slots(
        first_day=tomorrow,
        last_day=tomorrow + timedelta(days=3),
        begins=time(9),
        ends=time(17),
        minutes=60,
        capacity=2,
        actor=stage.people["warehouse"],
        at=stage.now,
    )
    notice = ShipmentNotice.objects.get(reference="XS-0093")
    inbound.book_slot(notice_id=notice.pk, slot_id=slots[1].pk, actor=stage.people["owner.xiaoshu"], at=stage.now)


def find_differences(stage: Stage) -> None:
    """Let the door find damaged cartons, which are still open, and goods that nobody announced, which went back."""
    keeper, notice = stage.people["warehouse"], ShipmentNotice.objects.get(reference="SL-1119")
    line = notice.lines.select_related("product").get()
    inbound.report(
        notice_id=notice.pk,
        kind=Kind.DAMAGED,
        code=line.product.sku,
        lot_number=line.lot_number,
        quantity=6,
        message="SL-1119/damaged/1",
        note="外箱受潮，6 袋漏气",
        actor=keeper,
        at=stage.ago(0.1),
    )
    wrong = inbound.report(
        notice_id=notice.pk,
        kind=Kind.WRONG,
        code="6904567890125",
        quantity=24,
        message="SL-1119/wrong/1",
        note="随车混装，未预报",
        actor=keeper,
        at=stage.ago(0.1),
    )
    inbound.settle(
        discrepancy_id=wrong.pk, resolution=Resolution.SENT_BACK, note="司机当场带回", actor=stage.people["lead"], at=stage.ago(0.15)
    )


def count(stage: Stage) -> None:
    """Count the picking bins, where some units are missing, which a second person settled; the count of the storage still waits."""
    done = _counted(stage, "A-", short=MISSING)
    reasons = {line.pk: "lost" for line in CountLine.objects.filter(count_id=done) if line.difference}
    stock.post_count(done, reasons=reasons, actor=stage.people["lead"], at=stage.now)
    _counted(stage, "S-0", short=1)


def _counted(stage: Stage, label: str, *, short: int) -> int:
    """Count bins; in the first so many are missing."""
    warehouse, keeper = Organisation.objects.get(code=WAREHOUSE), stage.people["warehouse"]
    opened = stock.open_count(warehouse_id=warehouse.pk, bins=label, lot_number="", is_blind=True, actor=keeper, at=stage.now)
    lines = list(CountLine.objects.filter(count=opened).order_by("bin__code", "id"))
    there = units_at({line.lot_id for line in lines})
    counted = [Counted(line.pk, there[line.lot_id, line.bin_id] - short * (place == 0)) for place, line in enumerate(lines)]
    stock.record_counts(opened.pk, counted, actor=keeper, at=stage.now)
    return opened.pk
