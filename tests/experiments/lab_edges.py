"""The edges of a sample: a row that stands before each, and the action that takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assurance.accounts.models import User
from assurance.roles import Role
from qc.labs import actions
from qc.labs.models import LabTest, Sample
from tests import factories, goods, labs
from tests.experiments.races import RACERS, Edge, my_number
from tests.factories import NOON

if TYPE_CHECKING:
    from tests.experiments.edges import Cast

MACHINE = "qc.sample.state"


class House:
    """A laboratory, and who draws and publishes in the warehouse."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        if not LabTest.objects.exists():
            labs.load_tests()
        house = labs.lab()
        labs.scopes(house, cast.eve, capacity_per_week=10_000)
        self.lead = factories.user(Role.QC_LEAD, cast.warehouse)
        self.analyst = factories.user(Role.LAB_ANALYST, house)
        self.verifiers = [factories.user(Role.LAB_VERIFIER, house) for _ in range(RACERS)]
        self.product = goods.enrolled(cast.amal.organisation)

    def lot(self) -> None:
        labs.released(self.cast.amal, self.cast.wei, self.cast.bo, product=self.product, lot=f"L{next(factories._number)}", quantity=20)

    def scheduled(self) -> Sample:
        self.lot()
        return labs.scheduled(self.lead)[0]

    def drawn(self) -> Sample:
        self.lot()
        return labs.drawn(self.lead)[0]

    def sealed(self) -> Sample:
        self.lot()
        return labs.sealed(self.lead)[0]

    def dispatched(self) -> Sample:
        self.lot()
        return labs.dispatched(self.lead)[0]

    def received(self) -> Sample:
        return labs.received([self.dispatched()], self.analyst)[0]

    def opened(self) -> Sample:
        self.lot()
        return labs.opened(self.lead, self.analyst)[0]

    def resulted(self) -> Sample:
        self.lot()
        return labs.resulted(self.lead, self.analyst)[0]

    def verified(self) -> Sample:
        self.lot()
        return labs.verified(self.lead, self.analyst, self.verifiers[0])[0]


def again(person: User) -> User:
    return User.objects.select_related("organisation").get(pk=person.pk)


def lab_edges(cast: Cast) -> list[Edge]:  # noqa: C901  one small action per edge
    house = House(cast)

    def edge(source: str, target: str, make: Any, act: Any) -> Edge:
        return Edge(MACHINE, source, target, make, act)

    def draw(pk: int) -> object:
        return actions.draw([actions.Taking(pk)], actor=again(house.lead), at=NOON)

    def void(pk: int) -> object:
        return actions.void([actions.Voiding(pk, "sold out")], actor=again(house.lead), at=NOON)

    def seal(pk: int) -> object:
        return actions.seal([actions.Sealing(pk, f"F{pk}-{my_number()}", f"B{pk}-{my_number()}", "R")], actor=again(house.lead), at=NOON)

    def dispatch(pk: int) -> object:
        return actions.dispatch([actions.Dispatching(pk)], actor=again(house.lead), at=NOON)

    def receive(pk: int) -> object:
        return actions.receive([actions.Arriving(pk, Sample.objects.get(pk=pk).seal_number)], actor=again(house.analyst), at=NOON)

    def refuse(pk: int) -> object:
        return actions.receive([actions.Arriving(pk, "other")], actor=again(house.analyst), at=NOON)

    def begin(pk: int) -> object:
        return actions.begin_testing([pk], actor=again(house.analyst), at=NOON)

    def enter(pk: int) -> object:
        return actions.enter_results(labs.findings(Sample.objects.get(pk=pk)), actor=again(house.analyst), at=NOON)

    def confirm(pk: int) -> object:
        return actions.verify([labs.confirming(Sample.objects.get(pk=pk))], actor=again(house.verifiers[my_number()]), at=NOON)

    def send_back(pk: int) -> object:
        seen = labs.confirming(Sample.objects.get(pk=pk))
        item = actions.Confirming(pk, seen.results, seen.results[:1], "结果与谱图不符")
        return actions.verify([item], actor=again(house.verifiers[my_number()]), at=NOON)

    def publish(pk: int) -> object:
        return actions.publish([pk], actor=again(house.lead), at=NOON)

    return [
        edge("scheduled", "drawn", house.scheduled, draw),
        edge("scheduled", "voided", house.scheduled, void),
        edge("drawn", "sealed", house.drawn, seal),
        edge("drawn", "voided", house.drawn, void),
        edge("sealed", "dispatched", house.sealed, dispatch),
        edge("sealed", "voided", house.sealed, void),
        edge("dispatched", "received", house.dispatched, receive),
        edge("dispatched", "voided", house.dispatched, refuse),
        edge("received", "testing", house.received, begin),
        edge("testing", "resulted", house.opened, enter),
        edge("resulted", "testing", house.resulted, send_back),
        edge("resulted", "verified", house.resulted, confirm),
        edge("verified", "published", house.verified, publish),
    ]
