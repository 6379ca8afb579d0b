"""Every edge of orders and parcels. An order follows its parcels, so most of its steps are theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assurance.accounts.models import User
from assurance.events.models import Event
from assurance.gates.models import Clearance
from tests import factories, goods, orders
from tests.experiments.races import Edge, my_number
from tests.factories import NOON
from warehouse.orders import actions, queries
from warehouse.orders.actions import Accepting, Checked, Packing, Step
from warehouse.orders.models import Order, Parcel, Wave, WeightDeviation

if TYPE_CHECKING:
    from assurance.products.models import Product
    from tests.experiments.edges import Cast

STOCK = 10_000


class Steps:
    """Who takes the steps, and of which goods. Only ids cross into the racing processes."""

    def __init__(self, cast: Cast) -> None:
        self.eve, self.wei, self.amal = cast.eve, cast.wei, cast.amal
        self.racers = [person.pk for person in cast.inspectors]
        self.product: Product = orders.stocked(cast.amal, cast.wei, quantity=STOCK).product
        known = goods.enrolled(cast.amal.organisation, gross_weight_g=100)
        self.weighed: Product = orders.stocked(cast.amal, cast.wei, quantity=STOCK, product=known).product
        self.other = factories.user(cast.wei.role, cast.wei.organisation).pk
        self.missing: Product = goods.enrolled(cast.amal.organisation)

    # --- rows ---
    def paid(self) -> Order:
        return orders.taken(self.eve, (self.product, 2))

    def paid_for_nothing(self) -> Order:
        return orders.taken(self.eve, (self.missing, 2))

    def short(self) -> Order:
        return actions.allocate([self.paid_for_nothing().pk], actor=None, at=NOON)[0]

    def short_no_more(self) -> Order:
        product = goods.enrolled(self.amal.organisation)
        order = actions.allocate([orders.taken(self.eve, (product, 2)).pk], actor=None, at=NOON)[0]
        orders.stocked(self.amal, self.wei, quantity=10, product=product)
        return order

    def picking(self) -> Parcel:
        return orders.picked(self.eve, self.wei, (self.product, 2))

    def packed(self) -> Parcel:
        return orders.packed(self.eve, self.wei, (self.product, 2))

    def judged(self) -> Parcel:
        parcel = self.packed()
        orders.judge([parcel])
        return parcel

    def checked(self) -> Parcel:
        return orders.checked(self.packed())

    def shipped(self) -> Parcel:
        return orders.shipped(self.eve, self.wei, (self.product, 2))

    # --- steps ---
    def again(self) -> User:
        return User.objects.select_related("organisation").get(pk=self.wei.pk)

    def planned(self) -> Wave:
        return actions.plan_wave([orders.allocated(self.eve, (self.product, 1)).pk], actor=self.wei, at=NOON)

    def walked(self) -> Wave:
        return actions.start_wave(wave_id=self.planned().pk, actor=self.wei, at=NOON)

    def heavy(self) -> WeightDeviation:
        return orders.too_heavy(self.eve, self.wei, (self.weighed, 1)).weight_deviations.get()

    def start(self, pk: int) -> object:
        return actions.start_wave(wave_id=pk, actor=self.again(), at=NOON)

    def take_apart(self, pk: int) -> object:
        return actions.cancel_wave(wave_id=pk, actor=self.again(), at=NOON)

    def finish(self, pk: int) -> object:
        return actions.finish_wave(wave_id=pk, actor=self.again(), at=NOON)

    def accept(self, pk: int) -> object:
        parcel = WeightDeviation.objects.get(pk=pk).parcel_id
        return actions.accept_weights([Accepting(parcel, "race")], actor=User.objects.get(pk=self.other), at=NOON)

    def open_again(self, pk: int) -> object:
        return self.unpack(WeightDeviation.objects.get(pk=pk).parcel_id)

    def allocate(self, pk: int) -> None:
        actions.allocate([pk], actor=self.racer(), at=NOON)
        self.mine_or_lost("warehouse.order.", pk)

    def cancel(self, pk: int) -> None:
        actions.cancel([Step(pk)], reason="race", actor=self.racer(), at=NOON)
        self.mine_or_lost("warehouse.order.", pk)

    def pack(self, pk: int) -> object:
        return actions.pack([Packing(pk, queries.scans_of([pk])[pk])], actor=self.again(), at=NOON)

    def give_up(self, pk: int) -> object:
        return actions.cancel_parcels([Step(pk)], reason="race", actor=self.again(), at=NOON)

    def unpack(self, pk: int) -> object:
        return actions.unpack([Step(pk)], reason="race", actor=self.again(), at=NOON)

    def check(self, pk: int) -> object:
        clearance = Clearance.objects.of("parcel", pk).get()
        return actions.mark_checked([Checked(pk, clearance)], actor=None, at=NOON)

    def ship(self, pk: int) -> object:
        return actions.ship([Step(pk)], actor=self.again(), at=NOON)

    def deliver(self, pk: int) -> None:
        actions.mark_delivered([Step(pk)], actor=self.racer(), at=NOON)
        self.mine_or_lost("warehouse.parcel.", pk)

    def racer(self) -> User:
        """Return a person of this process alone, so that the log says which one it was."""
        return User.objects.select_related("organisation").get(pk=self.racers[my_number()])

    def mine_or_lost(self, kind: str, pk: int) -> None:
        """Doing it again is no fault and changes nothing: only the log says who was first."""
        from tests.experiments.edges import Lost

        if not Event.objects.filter(kind__startswith=kind, subject_id=pk, actor_id=self.racers[my_number()]).exists():
            raise Lost


def of_order(make: Callable[[], Parcel]) -> Callable[[], Order]:
    return lambda: make().order


def by_parcel(deed: Callable[[int], object]) -> Callable[[int], object]:
    return lambda pk: deed(Parcel.objects.get(order_id=pk).pk)


def order_edges(cast: Cast) -> list[Edge]:
    steps = Steps(cast)

    def edge(source: str, target: str, make: Any, act: Any) -> Edge:
        return Edge("warehouse.order.state", source, target, make, act)

    def parcel_edge(source: str, target: str, make: Any, act: Any) -> Edge:
        return Edge("warehouse.parcel.state", source, target, make, act)

    picking, packed, checked = of_order(steps.picking), of_order(steps.packed), of_order(steps.checked)
    return [
        edge("paid", "allocated", steps.paid, steps.allocate),
        edge("paid", "short", steps.paid_for_nothing, steps.allocate),
        edge("paid", "cancelled", steps.paid, steps.cancel),
        edge("short", "allocated", steps.short_no_more, steps.allocate),
        edge("short", "cancelled", steps.short_no_more, steps.cancel),
        edge("allocated", "packed", picking, by_parcel(steps.pack)),
        edge("allocated", "short", picking, by_parcel(steps.give_up)),
        edge("allocated", "cancelled", picking, steps.cancel),
        edge("packed", "shipped", checked, by_parcel(steps.ship)),
        edge("packed", "allocated", packed, by_parcel(steps.unpack)),
        edge("packed", "short", packed, by_parcel(steps.give_up)),
        edge("packed", "cancelled", packed, steps.cancel),
        edge("shipped", "delivered", of_order(steps.shipped), by_parcel(steps.deliver)),
        Edge("warehouse.wave.state", "planned", "picking", steps.planned, steps.start),
        Edge("warehouse.wave.state", "planned", "cancelled", steps.planned, steps.take_apart),
        Edge("warehouse.wave.state", "picking", "finished", steps.walked, steps.finish),
        Edge("warehouse.weightdeviation.state", "open", "accepted", steps.heavy, steps.accept),
        Edge("warehouse.weightdeviation.state", "open", "repacked", steps.heavy, steps.open_again),
        parcel_edge("picking", "packed", steps.picking, steps.pack),
        parcel_edge("picking", "cancelled", steps.picking, steps.give_up),
        parcel_edge("packed", "checked", steps.judged, steps.check),
        parcel_edge("packed", "picking", steps.judged, steps.unpack),
        parcel_edge("packed", "cancelled", steps.judged, steps.give_up),
        parcel_edge("checked", "handed_over", steps.checked, steps.ship),
        parcel_edge("checked", "picking", steps.checked, steps.unpack),
        parcel_edge("checked", "cancelled", steps.checked, steps.give_up),
    ]
