"""The edges of non-conformances, returns and returned units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from qc.checks.actions import ParcelCheck, check_parcels
from qc.nonconformance.models import NonConformance
from tests import checks, factories, goods, orders
from tests.checks import IN_ORDER, LATER
from tests.experiments.races import Edge, my_number
from warehouse.orders import actions as parcels
from warehouse.orders import queries
from warehouse.orders.actions import Packing, Step
from warehouse.returns import actions as returns
from warehouse.returns.grades import Disposition
from warehouse.returns.models import ReturnParcel, ReturnUnit

if TYPE_CHECKING:
    from collections.abc import Callable

    from assurance.accounts.models import User
    from tests.experiments.edges import Cast

PARCELS: Final = "warehouse.returnparcel.state"


def return_edges(cast: Cast, again: Callable[[User], User]) -> list[Edge]:
    """Return every edge; each row has a parcel of its own."""
    checks.lists()
    lot = orders.stocked(cast.amal, cast.wei, product=goods.enrolled(cast.amal.organisation), quantity=5000, lot="RETURNS")

    def shipped() -> Any:
        return checks.shipped(cast.amal, cast.wei, cast.bo, lot, number=f"RE{next(factories._number)}")

    return [*_non_conformances(cast, again, lot), *_parcels(cast, again, lot, shipped), *_units(cast, again, lot, shipped)]


def _non_conformances(cast: Cast, again: Callable[[User], User], lot: Any) -> list[Edge]:
    def repacked() -> NonConformance:
        parcel = checks.packed(cast.amal, cast.wei, lot, number=f"RE{next(factories._number)}")
        checks.check(parcel, cast.bo, label=False)
        parcels.unpack([Step(parcel.pk)], reason="again", actor=cast.wei, at=LATER)
        parcels.pick([Step(parcel.pk)], actor=cast.wei, at=LATER)
        parcels.pack([Packing(parcel.pk, queries.scans_of([parcel.pk])[parcel.pk], measured_weight_g=320)], actor=cast.wei, at=LATER)
        return NonConformance.objects.get(stage="outbound", parcel=parcel)

    def check(pk: int) -> object:
        entry = ParcelCheck(NonConformance.objects.get(pk=pk).parcel_id, IN_ORDER)
        return check_parcels([entry], actor=again(cast.inspectors[my_number()]), at=LATER)

    return [Edge("qc.nonconformance.state", "open", "closed", repacked, check)]


def _parcels(cast: Cast, again: Callable[[User], User], lot: Any, shipped: Callable[[], Any]) -> list[Edge]:

    def announced() -> Any:
        return returns.announce_returns([returns.ExpectedReturn(shipped().pk)], actor=cast.amal, at=LATER)[0]

    def unidentified() -> Any:
        return returns.receive_unidentified(photo_ids=[checks.picture(cast.wei).pk], actor=cast.wei, at=LATER)

    def matched() -> Any:
        return returns.match_return(return_id=unidentified().pk, parcel_id=shipped().pk, actor=cast.wei, at=LATER)

    known = shipped()

    def receive(pk: int) -> object:
        row = ReturnParcel.objects.get(pk=pk)
        return checks.back(row.parcel, lot, again(cast.wei), return_id=pk)

    def match(pk: int) -> object:
        return returns.match_return(return_id=pk, parcel_id=known.pk, actor=again(cast.wei), at=LATER)

    def cancel(pk: int) -> object:
        return returns.cancel_return(return_id=pk, reason="keeps it", actor=again(cast.amal), at=LATER)

    return [
        Edge(PARCELS, "announced", "received", announced, receive),
        Edge(PARCELS, "announced", "cancelled", announced, cancel),
        Edge(PARCELS, "unidentified", "matched", unidentified, match),
        Edge(PARCELS, "matched", "received", matched, receive),
        *_judged(cast, again, lot, shipped),
    ]


def _judged(cast: Cast, again: Callable[[User], User], lot: Any, shipped: Callable[[], Any]) -> list[Edge]:
    def received() -> Any:
        return checks.back(shipped(), lot, cast.wei)

    def inspected() -> Any:
        row = received()
        checks.inspect(row.units.get(), cast.bo)
        return row

    def inspect(pk: int) -> object:
        return checks.inspect(ReturnUnit.objects.get(return_parcel=pk), again(cast.inspectors[my_number()]))

    def settle(pk: int) -> object:
        return checks.decide(ReturnUnit.objects.get(return_parcel=pk), again(cast.bo), "return_to_merchant")

    return [
        Edge(PARCELS, "received", "inspected", received, inspect),
        Edge(PARCELS, "inspected", "closed", inspected, settle),
    ]


def _units(cast: Cast, again: Callable[[User], User], lot: Any, shipped: Callable[[], Any]) -> list[Edge]:
    def received() -> ReturnUnit:
        return checks.unit(shipped(), lot, cast.wei)

    def graded() -> ReturnUnit:
        unit = received()
        checks.inspect(unit, cast.bo)
        return unit

    def held() -> ReturnUnit:
        unit = graded()
        checks.decide(unit, cast.bo, "hold")
        return unit

    def inspect(pk: int) -> object:
        return checks.inspect(ReturnUnit.objects.get(pk=pk), again(cast.inspectors[my_number()]))

    def decide(disposition: Disposition) -> Any:
        more = {"reason": "broken", "witness_id": cast.wei.pk} if disposition == Disposition.DESTROY else {}
        return lambda pk: checks.decide(ReturnUnit.objects.get(pk=pk), again(cast.bo), disposition, **more)

    machine = "warehouse.returnunit.state"
    ways = {"restocked": Disposition.RESTOCK, "returned": Disposition.RETURN, "destroyed": Disposition.DESTROY}
    return [
        Edge(machine, "received", "graded", received, inspect),
        Edge(machine, "graded", "held", graded, decide(Disposition.HOLD)),
        *(Edge(machine, "graded", state, graded, decide(disposition)) for state, disposition in ways.items()),
        *(Edge(machine, "held", state, held, decide(disposition)) for state, disposition in ways.items()),
    ]
