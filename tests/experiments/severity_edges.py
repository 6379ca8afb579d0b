"""The edges between severities: one verdict too many, given by several at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from qc.inspections import actions
from qc.inspections.models import ClassSeverity, Inspection
from tests import factories, goods
from tests.experiments.races import Edge
from tests.factories import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from assurance.accounts.models import User
    from tests.experiments.edges import Cast

MACHINE: Final = "qc.classseverity.severity"


def severity_edges(cast: Cast, again: Callable[[User], User]) -> list[Edge]:
    """Return every edge; each row belongs to a product of its own, one lot of which waits for the verdict that switches."""

    def standing(severity: str, **given: Any) -> Callable[[], ClassSeverity]:
        def make() -> ClassSeverity:
            product = goods.enrolled(cast.amal.organisation)
            lots = [goods.lot(cast.amal, cast.wei, product=product, lot=f"S{next(factories._number)}", quantity=20) for _ in range(2)]
            actions.open_inspection(lot_id=lots[0].pk, actor=None, at=NOON)
            row = ClassSeverity.objects.get(product=product, defect_class="major")
            if severity == "normal":
                row.standing |= given
                row.save(update_fields=["standing"])
            else:
                for step in ("tightened", severity) if severity == "suspended" else (severity,):
                    goods.put_severity(product, step, cast.bo, **given)
            if severity != "suspended":
                found = actions.open_inspection(lot_id=lots[1].pk, actor=None, at=NOON)
                actions.claim(inspection_id=found.pk, actor=cast.inspector(), at=NOON)
            return row

        return make

    def judge(*defects: str) -> Callable[[int], object]:
        def act(pk: int) -> object:
            found = Inspection.objects.filter(product=ClassSeverity.objects.get(pk=pk).product_id).latest("id")
            return goods.record(found, again(found.inspector), range(1, found.sample_size + 1), *defects)

        return act

    def approve(pk: int) -> object:
        return actions.change_conditions(severity_id=pk, action_effective=True, actor=again(cast.bo), at=NOON)

    normal = standing("normal", outcomes=[[None, False]], score=28, authority_agrees=True)
    tightened = standing("tightened", outcomes=[[None, False]] * 4 + [[None, True]] * 4)
    return [
        Edge(MACHINE, "normal", "tightened", normal, judge("leaking")),
        Edge(MACHINE, "normal", "reduced", normal, judge()),
        Edge(MACHINE, "tightened", "normal", tightened, judge()),
        Edge(MACHINE, "tightened", "suspended", tightened, judge("leaking")),
        Edge(MACHINE, "reduced", "normal", standing("reduced"), judge("leaking")),
        Edge(MACHINE, "suspended", "tightened", standing("suspended"), approve),
    ]
