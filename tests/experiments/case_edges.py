"""The edges of a case: a row that stands before each, and the action that takes it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from aftersales.cases import actions
from aftersales.cases.actions import Appeal, Finished, Said
from aftersales.cases.models import Case, CaseDecision, Remedy
from assurance.accounts.models import User
from assurance.refusals import Refused
from assurance.roles import Role
from tests import cases
from tests.experiments.races import RACERS, Edge, my_number
from tests.factories import NOON

if TYPE_CHECKING:
    from tests.experiments.edges import Cast
    from warehouse.orders.models import Parcel

MACHINE = "aftersales.case.state"
NOTHING = {"outcome": "none", "amount": None}


class NothingToDo(Refused):
    """There was no remedy to finish."""

    code = "nothing_to_do"


class Desk:
    """Who handles and decides, and the parcel all cases are about."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.agents = [cases.desk(Role.CASE_AGENT) for _ in range(RACERS)]
        self.cai = self.agents[0]
        self.rui = cases.desk(Role.CASE_REVIEWER)

    @cached_property
    def parcel(self) -> Parcel:
        return cases.sent(self.cast.amal, self.cast.wei)

    def opened(self) -> Case:
        return cases.opened(self.parcel)

    def taken(self) -> Case:
        return cases.taken(self.parcel, self.cai)

    def waiting(self) -> Case:
        case = self.taken()
        cases.asked(case, self.cai)
        return case

    def proposed(self) -> Case:
        case = self.taken()
        cases.proposed(case, self.cai)
        return case

    def decided(self, **given: Any) -> Case:
        case = self.taken()
        cases.decided(case, self.cai, self.rui, **given)
        return case

    def remedied(self) -> Case:
        case = self.decided()
        actions.finish_remedies([Finished(case.remedies.get().pk, "RF")], actor=self.cai, at=NOON)
        return case

    def closed(self) -> Case:
        case = self.decided(**NOTHING)
        actions.close([case.pk], actor=self.cai, at=NOON)
        return case

    def appealed(self) -> Case:
        case = self.decided()
        actions.appeal([Appeal(case.pk, "buyer", "No.")], actor=None, at=NOON)
        return case


def again(person: User) -> User:
    return User.objects.select_related("organisation").get(pk=person.pk)


def round_of(pk: int) -> int:
    return CaseDecision.objects.filter(case_id=pk).order_by("-round").values_list("pk", flat=True)[0]


class Steps:
    """What the racers do; each reads the people anew, for a forked copy shares nothing."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def claim(self, pk: int) -> object:
        return actions.claim([pk], actor=again(self.desk.agents[my_number()]), at=NOON)

    def give_back(self, pk: int) -> object:
        return actions.give_back([pk], actor=again(self.desk.cai), at=NOON)

    def ask(self, pk: int) -> object:
        return actions.write([Said(pk, "Well?", to_merchant=True, waits_for="merchant")], actor=again(self.desk.cai), at=NOON)

    def go_on(self, pk: int) -> object:
        return actions.go_on([pk], actor=again(self.desk.cai), at=NOON)

    def propose(self, pk: int) -> object:
        return actions.propose([cases.proposal(Case.objects.get(pk=pk))], actor=again(self.desk.cai), at=NOON)

    def decide(self, pk: int) -> object:
        return actions.decide([round_of(pk)], actor=again(self.desk.rui), at=NOON)

    def send_back(self, pk: int) -> object:
        return actions.send_back([round_of(pk)], reason="More", actor=again(self.desk.rui), at=NOON)

    def appeal(self, pk: int) -> object:
        return actions.appeal([Appeal(pk, "merchant", "No.")], actor=again(self.desk.cast.amal), at=NOON)

    def finish(self, pk: int) -> object:
        remedy = Remedy.objects.filter(case_id=pk).first()
        if remedy is None:
            raise NothingToDo
        return actions.finish_remedies([Finished(remedy.pk, "RF")], actor=again(self.desk.cai), at=NOON)

    def close(self, pk: int) -> object:
        return actions.close([pk], actor=again(self.desk.cai), at=NOON)

    def reopen(self, pk: int) -> object:
        return actions.reopen([pk], reason="A film came.", actor=again(self.desk.cai), at=NOON)


def case_edges(cast: Cast) -> list[Edge]:
    desk = Desk(cast)
    step = Steps(desk)
    steps = [
        ("new", "open", desk.opened, step.claim),
        ("open", "new", desk.taken, step.give_back),
        ("open", "waiting", desk.taken, step.ask),
        ("open", "proposed", desk.taken, step.propose),
        ("waiting", "open", desk.waiting, step.go_on),
        ("proposed", "open", desk.proposed, step.send_back),
        ("proposed", "decided", desk.proposed, step.decide),
        ("decided", "remedied", desk.decided, step.finish),
        ("decided", "appealed", desk.decided, step.appeal),
        ("decided", "closed", lambda: desk.decided(**NOTHING), step.close),
        ("remedied", "appealed", desk.remedied, step.appeal),
        ("remedied", "closed", desk.remedied, step.close),
        ("appealed", "proposed", desk.appealed, step.propose),
        ("closed", "appealed", desk.closed, step.appeal),
        ("closed", "open", desk.closed, step.reopen),
    ]
    return [Edge(MACHINE, source, target, make, act) for source, target, make, act in steps]
