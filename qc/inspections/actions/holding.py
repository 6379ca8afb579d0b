"""Hold inspections and know what stands of them: two statements that each connection plans once, for what every submit begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from assurance.accounts.models import Organisation
from assurance.prepared import Part, Statement
from assurance.products.models import Category, Product
from qc.inspections.models import InspectedUnit, Inspection
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assurance.accounts.models import User

HOLD: Final = Statement(
    "hold_inspections",
    "bigint[]",
    (
        Part("l", Lot),
        Part("p", Product),
        Part("c", Category),
        Part("i", Inspection),
        Part("r", Inspection, ("id", "inspector_id")),
        Part("m", Organisation, ("id", "code")),
        Part("w", Organisation, ("id", "code")),
    ),
    """
  FROM qc_inspection i
  JOIN warehouse_lot l ON l.id = i.lot_id
  JOIN assurance_product p ON p.id = i.product_id
  JOIN assurance_category c ON c.id = p.category_id
  JOIN assurance_organisation m ON m.id = i.merchant_id
  JOIN assurance_organisation w ON w.id = i.warehouse_id
  LEFT JOIN qc_inspection r ON r.id = i.repeats_id
 WHERE i.id = ANY ($1)
 ORDER BY l.id, i.id
   FOR NO KEY UPDATE OF l, i
""",
)
"""The lots are locked first, by ascending number, here as everywhere: no two wait for each other."""
TOLD: Final = """
coalesce((SELECT max(a.attempt) FROM qc_pointsanswered a WHERE a.inspection_id = i.id), 0),
coalesce((SELECT s.seed FROM qc_inspectionseed s WHERE s.inspection_id = i.id), ''),
EXISTS (SELECT FROM warehouse_receipt v WHERE v.lot_id = i.lot_id AND v.received_by_id = $2),
EXISTS (SELECT FROM assurance_enrolment e WHERE e.product_id = i.product_id AND $2 IN (e.created_by_id, e.submitted_by_id)),
coalesce((SELECT jsonb_agg(jsonb_build_array(n.number, n.is_conforming, n.defects, n.liability, n.recorded_at) ORDER BY n.number)
            FROM qc_inspectedunit n WHERE n.inspection_id = i.id AND n.withdrawn_at IS NULL), '[]')
"""
STANDING: Final = Statement(
    "inspections_standing",
    "bigint[], bigint",
    (Part("i", Inspection, ("id",)),),
    "FROM qc_inspection i WHERE i.id = ANY ($1)",
    more=lambda: TOLD,
)
"""Asked when the locks are held: what the other one wrote, for whom this one waited, is seen."""


def lock(inspection_id: int) -> Inspection:
    """Return one inspection, held until the transaction ends; see ``lock_all``."""
    return lock_all([inspection_id])[0]


def lock_all(inspection_ids: Sequence[int]) -> list[Inspection]:
    """Return inspections with their goods, held until the transaction ends."""
    inspections: dict[int, Inspection] = {}
    lots: dict[int, Lot] = {}
    for found, _ in HOLD.rows(list(inspection_ids)):
        inspection: Inspection = found["i"]
        lot = lots.setdefault(found["l"].pk, found["l"])
        if lot is found["l"]:
            lot.product = found["p"]
            lot.product.category = found["c"]
        inspection.lot, inspection.product, inspection.repeats = lot, lot.product, found["r"]
        inspection.merchant, inspection.warehouse = found["m"], found["w"]
        inspections[inspection.pk] = inspection
    return [inspections[number] for number in inspection_ids]


@dataclass(frozen=True)
class Standing:
    """What stands of a held inspection: how often its points were answered, its seed, what the actor had a part in, its units."""

    attempts: int
    seed: str
    received_by_actor: bool
    entered_by_actor: bool
    units: list[InspectedUnit]


def standing_of(inspections: Sequence[Inspection], actor: User) -> dict[int, Standing]:
    """Return what stands of inspections that the caller holds. One statement."""
    rows = STANDING.rows([one.pk for one in inspections], actor.pk)
    return {
        found["i"].pk: Standing(attempts, seed, received, entered, _units(found["i"].pk, units))
        for found, (attempts, seed, received, entered, units) in rows
    }


def _units(inspection_id: int, told: Sequence[Any]) -> list[InspectedUnit]:
    return [
        InspectedUnit(
            inspection_id=inspection_id,
            number=number,
            is_conforming=is_conforming,
            defects=defects,
            liability=liability,
            recorded_at=datetime.fromisoformat(recorded_at),
        )
        for number, is_conforming, defects, liability, recorded_at in told
    ]
