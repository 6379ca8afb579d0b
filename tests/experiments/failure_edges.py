"""The edges of decisions on goods that failed: a row that stands before each, and the action that takes it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from assurance.roles import Role
from qc.nonconformance import actions
from qc.nonconformance.models import Disposition
from qc.quality import actions as quality
from tests import factories, failures, goods
from tests.experiments.races import Edge
from tests.factories import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from assurance.accounts.models import User
    from tests.experiments.edges import Cast

MACHINE: Final = "qc.disposition.state"
CORRECTIVE: Final = "qc.correctiveaction.state"


def failure_edges(cast: Cast, again: Callable[[User], User]) -> list[Edge]:
    """Return every edge; each row has a lot of its own."""
    lead = factories.user(Role.QC_LEAD, cast.warehouse)

    def failed() -> Any:
        return failures.failed(cast.amal, cast.wei, cast.bo, quantity=2)  # of its own product: after some rejections one is suspended

    def requested() -> Disposition:
        return failures.ask(failed(), cast.amal, "downgrade", 2)

    def approved() -> Disposition:
        return failures.ask(failed(), lead, "return_to_merchant", 2)

    def approve(pk: int) -> object:
        return actions.approve(disposition_id=pk, actor=again(lead), at=NOON)

    def refuse(pk: int) -> object:
        return actions.refuse(disposition_id=pk, actor=again(lead), at=NOON, reason="no")

    def withdraw(pk: int) -> object:
        return actions.withdraw(disposition_id=pk, actor=again(cast.amal), at=NOON)

    def carry(pk: int) -> object:
        return actions.carry_out(disposition_id=pk, quantity=2, actor=again(cast.bo), at=NOON)

    def end(pk: int) -> object:
        return actions.end(disposition_id=pk, actor=again(lead), at=NOON + timedelta(hours=1), reason="other plans")

    return [
        *_corrective_edges(cast, again, lead),
        Edge(MACHINE, "requested", "approved", requested, approve),
        Edge(MACHINE, "requested", "refused", requested, refuse),
        Edge(MACHINE, "requested", "withdrawn", requested, withdraw),
        Edge(MACHINE, "approved", "done", approved, carry),
        Edge(MACHINE, "approved", "ended", approved, end),
    ]


def _corrective_edges(cast: Cast, again: Callable[[User], User], lead: User) -> list[Edge]:
    def demanded() -> Any:
        return failures.demanded(goods.enrolled(cast.amal.organisation), cast.warehouse)

    def submitted() -> Any:
        return failures.submitted(goods.enrolled(cast.amal.organisation), cast.warehouse, cast.amal)

    def submit(pk: int) -> object:
        return quality.submit(corrective_action_id=pk, cause="heat", plan="calibration", actor=again(cast.amal), at=NOON)

    def send_back(pk: int) -> object:
        return quality.send_back(corrective_action_id=pk, reason="no", actor=again(lead), at=NOON)

    def approve_action(pk: int) -> object:
        return quality.approve(corrective_action_id=pk, reason="", actor=again(lead), at=NOON)

    return [
        Edge(CORRECTIVE, "demanded", "submitted", demanded, submit),
        Edge(CORRECTIVE, "submitted", "demanded", submitted, send_back),
        Edge(CORRECTIVE, "submitted", "approved", submitted, approve_action),
    ]
