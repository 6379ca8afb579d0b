"""Every edge of every state machine: a row that stands before it, and the action that takes it.

``uncovered()`` names the edges of the lifecycle tables that are missing here; a new edge without an entry fails a test.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from aftersales.cases import lifecycle as case_states
from assurance.accounts.models import Organisation, User
from assurance.badges import lifecycle as tag_states
from assurance.certificates import lifecycle as certificate_states
from assurance.enrollment import actions as enrolments
from assurance.enrollment import lifecycle as enrolment_states
from assurance.enrollment.reasons import Reason
from assurance.events import actions as events
from assurance.events import lifecycle as job_states
from assurance.events.models import Job
from assurance.fees import actions as fees
from assurance.fees import lifecycle as fee_states
from assurance.fees.models import Dispute, Statement
from assurance.imports import lifecycle as import_states
from assurance.products import lifecycle as version_states
from assurance.qualification import lifecycle as paper_states
from assurance.refusals import Refused
from assurance.roles import Kind, Role
from assurance.runs import actions as runs
from assurance.runs import lifecycle as run_states
from assurance.runs.lifecycle import RunState
from assurance.runs.models import Run
from logistics.dispatch import lifecycle as waybill_states
from qc.inspections import actions as inspections
from qc.inspections import lifecycle as inspection_states
from qc.inspections.models import Inspection
from qc.labs import lifecycle as sample_states
from qc.nonconformance import lifecycle as failure_states
from qc.quality import lifecycle as quality_states
from tests import charges, factories, goods
from tests import enrolments as made
from tests.experiments.case_edges import case_edges
from tests.experiments.category_edges import category_edges
from tests.experiments.certificate_edges import certificate_edges
from tests.experiments.failure_edges import failure_edges
from tests.experiments.import_edges import import_edges
from tests.experiments.lab_edges import lab_edges
from tests.experiments.order_edges import order_edges
from tests.experiments.paper_edges import paper_edges
from tests.experiments.races import RACERS, Edge, my_number
from tests.experiments.return_edges import return_edges
from tests.experiments.severity_edges import severity_edges
from tests.experiments.stock_edges import stock_edges
from tests.experiments.tag_edges import tag_edges
from tests.experiments.waybill_edges import waybill_edges
from tests.factories import NOON
from warehouse.inbound import actions as inbound
from warehouse.inbound import lifecycle as notice_states
from warehouse.inbound.models import ShipmentNotice
from warehouse.orders import lifecycle as order_states
from warehouse.returns import lifecycle as return_states
from warehouse.stock import lifecycle as stock_states

if TYPE_CHECKING:
    from collections.abc import Mapping

MACHINES: Final[Mapping[str, Mapping[Any, frozenset[Any]]]] = {
    "aftersales.case.state": case_states.NEXT,
    "assurance.categoryversion.state": version_states.NEXT,
    "assurance.certificate.state": certificate_states.NEXT,
    "assurance.certificateconflict.state": certificate_states.CONFLICT_NEXT,
    "assurance.enrolment.state": enrolment_states.NEXT,
    "assurance.productimport.state": import_states.NEXT,
    "assurance.run.state": run_states.NEXT,
    "assurance.tag.state": tag_states.NEXT,
    "assurance.statement.state": fee_states.STATEMENT_NEXT,
    "assurance.dispute.state": fee_states.DISPUTE_NEXT,
    "assurance.job.state": job_states.NEXT,
    "warehouse.shipmentnotice.state": notice_states.NEXT,
    "warehouse.cyclecount.state": stock_states.COUNT_NEXT,
    "warehouse.endinglot.state": stock_states.END_NEXT,
    "warehouse.discrepancy.state": notice_states.DISCREPANCY_NEXT,
    "qc.inspection.state": inspection_states.NEXT,
    "qc.classseverity.severity": inspection_states.SEVERITY_NEXT,
    "qc.sample.state": sample_states.NEXT,
    "assurance.qualificationpaper.state": paper_states.PAPER_NEXT,
    "assurance.programmeentry.state": paper_states.ENTRY_NEXT,
    "logistics.waybill.state": waybill_states.NEXT,
    "warehouse.order.state": order_states.NEXT,
    "warehouse.parcel.state": order_states.PARCEL_NEXT,
    "warehouse.wave.state": order_states.WAVE_NEXT,
    "warehouse.weightdeviation.state": order_states.WEIGHT_NEXT,
    "qc.nonconformance.state": failure_states.NEXT,
    "qc.correctiveaction.state": quality_states.NEXT,
    "qc.disposition.state": failure_states.DISPOSITION_NEXT,
    "warehouse.returnparcel.state": return_states.NEXT,
    "warehouse.returnunit.state": return_states.UNIT_NEXT,
}
REASONS: Final = [Reason("name", "forbidden", "不在合作范围")]


class Lost(Refused):
    """Somebody else took this job."""

    code = "lost"


class Undecidable(Refused):
    """The caller cannot know whether it was he; the log counts the steps instead."""

    code = "undecidable"


class Cast:
    """Who acts. Made once in the committed database; only ids cross into the racing processes."""

    def __init__(self) -> None:
        made.load_categories()
        goods.catalogue()
        merchant = factories.organisation(Kind.MERCHANT)
        warehouse = factories.organisation(Kind.WAREHOUSE)
        platform = factories.organisation(Kind.PLATFORM)
        self.amal = factories.user(Role.MERCHANT_OWNER, merchant)
        self.wei = factories.user(Role.WAREHOUSE_OPERATOR, warehouse)
        self.inspectors = [factories.user(Role.QC_INSPECTOR, warehouse) for _ in range(RACERS)]
        self.bo = self.inspectors[0]
        self.dana = factories.user(Role.ENROLMENT_REVIEWER, platform)
        self.fay = factories.user(Role.FINANCE, platform)
        self.eve = factories.user(Role.PLATFORM_ADMIN, platform)

    @property
    def warehouse(self) -> Organisation:
        return self.wei.organisation

    def inspector(self) -> User:
        """Return a new one: whoever finds dozens of lots faultless in a row is doubted, and rightly (A4.3)."""
        return factories.user(Role.QC_INSPECTOR, self.warehouse)


def again(person: User) -> User:
    """Return the person as read by this process: the forked copy shares nothing with the others."""
    return User.objects.select_related("organisation").get(pk=person.pk)


def enrolment_edges(cast: Cast) -> list[Edge]:
    amal, dana = cast.amal, cast.dana

    def edge(source: str, target: str, make: Any, act: Any) -> Edge:
        return Edge("assurance.enrolment.state", source, target, make, act)

    def submit(pk: int) -> object:
        return enrolments.submit(enrolment_id=pk, actor=again(amal), at=NOON)

    def withdraw(pk: int) -> object:
        return enrolments.withdraw(enrolment_id=pk, actor=again(amal), at=NOON)

    def approve(pk: int) -> object:
        return enrolments.approve(enrolment_id=pk, actor=again(dana), at=NOON)

    def give_back(pk: int) -> object:
        return enrolments.return_for_changes(enrolment_id=pk, reasons=REASONS, actor=again(dana), at=NOON)

    def reject(pk: int) -> object:
        return enrolments.reject(enrolment_id=pk, reasons=REASONS, actor=again(dana), at=NOON)

    def expire(pk: int) -> object:
        return enrolments.expire(enrolment_id=pk, at=NOON + timedelta(days=3660))

    draft, claimed = lambda: made.draft(amal), lambda: made.claimed(amal, dana)
    returned, approved = lambda: made.returned(amal, dana), lambda: made.approved(amal, dana)
    return [
        edge("draft", "submitted", draft, submit),
        edge("draft", "withdrawn", draft, withdraw),
        edge("submitted", "needs_changes", claimed, give_back),
        edge("submitted", "approved", claimed, approve),
        edge("submitted", "rejected", claimed, reject),
        edge("submitted", "withdrawn", claimed, withdraw),
        edge("needs_changes", "submitted", returned, submit),
        edge("needs_changes", "withdrawn", returned, withdraw),
        edge("approved", "withdrawn", approved, withdraw),
        edge("approved", "expired", approved, expire),
    ]


def run_edges(cast: Cast) -> list[Edge]:
    def make(state: RunState) -> Run:
        return Run.objects.create(
            organisation_id=cast.amal.organisation_id, kind="experiment", state=state, started_by=cast.amal, created_at=NOON
        )

    def step(to: RunState) -> Any:
        def act(pk: int) -> None:
            with transaction.atomic():
                run = Run.objects.select_for_update(of=("self",)).select_related("started_by").get(pk=pk)
                runs.move_run(run, to, at=NOON)

        return act

    return [
        Edge("assurance.run.state", source, target, lambda source=source: make(source), step(target))  # type: ignore[misc]
        for source, targets in run_states.NEXT.items()
        for target in sorted(targets)
    ]


def fee_edges(cast: Cast) -> list[Edge]:
    charges.load_prices()

    def statement() -> Statement:
        merchant = factories.organisation(Kind.MERCHANT)
        [line] = charges.charged(charges.told(merchant.pk))
        return line.statement

    def dispute() -> Dispute:
        [line] = charges.charged(charges.told(cast.amal.organisation_id))
        return fees.dispute([line], reason="错", actor=cast.amal, at=NOON)[0]

    def finalise(pk: int) -> None:
        fees.finalise([Statement.objects.get(pk=pk)], actor=again(cast.fay), at=NOON)

    def decide(*, accept: bool) -> Any:
        def act(pk: int) -> None:
            fees.decide([Dispute.objects.get(pk=pk)], accept=accept, answer="好", actor=again(cast.fay), at=NOON)

        return act

    return [
        Edge("assurance.statement.state", "draft", "final", statement, finalise),
        Edge("assurance.dispute.state", "open", "accepted", dispute, decide(accept=True)),
        Edge("assurance.dispute.state", "open", "rejected", dispute, decide(accept=False)),
    ]


def job_edges(cast: Cast) -> list[Edge]:
    def make(state: str = "new", attempts: int = 0) -> Job:
        Job.objects.filter(state__in=("new", "sent")).delete()  # those of other edges would be leased first, up to the most in flight
        now = timezone.now()
        number = next(factories._number)
        return Job.objects.create(
            handler="tests.experiments.work.leave_mark",
            key=f"edge:{number}",
            queue="work",
            state=state,
            attempts=attempts,
            payload={"number": number},
            next_at=now - timedelta(seconds=1),
            created_at=now,
        )

    def edge(source: str, target: str, row: Any, act: Any) -> Edge:
        return Edge("assurance.job.state", source, target, row, act, is_announced=target in ("parked", "new"))

    def lease(pk: int) -> None:
        if pk not in [one.job_id for one in events.lease_due_jobs(at=timezone.now(), most=10_000)]:
            raise Lost

    def lease_and_park(_pk: int) -> None:
        events.lease_due_jobs(at=timezone.now(), most=10_000)
        raise Undecidable

    def work(pk: int) -> None:
        before = timezone.now()
        events.run_job(job_id=pk, at=before)
        if Job.objects.get(pk=pk).done_at != before:
            raise Lost

    def fail_last(pk: int) -> None:
        events.note_failure(job_id=pk, at=timezone.now(), error="seen")
        raise Undecidable

    def restart(pk: int) -> object:
        return events.restart_job(job_id=pk, actor=again(cast.eve), at=timezone.now(), reason="mended")

    return [
        edge("new", "sent", make, lease),
        edge("new", "parked", lambda: make(attempts=5), lease_and_park),
        edge("sent", "sent", lambda: make("sent"), lease),
        edge("sent", "done", lambda: make("sent"), work),
        edge("sent", "parked", lambda: make("sent", attempts=5), fail_last),
        edge("parked", "new", lambda: make("parked", attempts=5), restart),
    ]


def notice_edges(cast: Cast) -> list[Edge]:
    product = goods.enrolled(cast.amal.organisation)

    def announced() -> Any:
        return goods.announced(cast.amal, cast.warehouse, goods.line(product, lot=f"L{next(factories._number)}", quantity=100))

    def begun() -> Any:
        notice = announced()
        goods.receive(notice, cast.wei, quantity=40)
        return notice

    def receive_some(pk: int) -> None:
        received = goods.receive(ShipmentNotice.objects.get(pk=pk), again(cast.wei), quantity=40, message=f"first-{pk}")
        if not received.is_new:
            raise Lost

    def cancel(pk: int) -> object:
        return inbound.cancel_shipment(notice_id=pk, actor=again(cast.amal), at=NOON)

    def close(pk: int) -> object:
        return inbound.close_receiving(notice_id=pk, reason="余下不再来", actor=again(cast.wei), at=NOON)

    def apart() -> Any:
        return goods.damaged(announced(), cast.wei)

    def settle(pk: int) -> object:
        way = notice_states.Resolution.SENT_BACK
        return inbound.settle(discrepancy_id=pk, resolution=way, note="", actor=again(cast.wei), at=NOON)

    machine = "warehouse.shipmentnotice.state"
    return [
        Edge("warehouse.discrepancy.state", "open", "settled", apart, settle),
        Edge(machine, "announced", "receiving", announced, receive_some),
        Edge(machine, "announced", "cancelled", announced, cancel),
        Edge(machine, "receiving", "received", begun, close),
    ]


def inspection_edges(cast: Cast) -> list[Edge]:
    def opened() -> Any:
        product = goods.enrolled(cast.amal.organisation)  # one that many lots are not accepted of is inspected no more
        notice = goods.announced(cast.amal, cast.warehouse, goods.line(product, lot=f"L{next(factories._number)}", quantity=20))
        lot = goods.receive(notice, cast.wei).receipt.lot
        return inspections.open_inspection(lot_id=lot.pk, actor=None, at=NOON)

    def claimed(inspector: User | None = None) -> Any:
        found = opened()
        inspections.claim(inspection_id=found.pk, actor=inspector or cast.inspector(), at=NOON)
        return found

    def claim(pk: int) -> object:
        return inspections.claim(inspection_id=pk, actor=again(cast.inspectors[my_number()]), at=NOON)

    def give_back(pk: int) -> object:
        return inspections.give_back(inspection_id=pk, actor=again(cast.bo), at=NOON)

    def accept(pk: int) -> object:
        found = Inspection.objects.get(pk=pk)
        return goods.record(found, again(found.inspector), range(1, found.sample_size + 1))

    def reject(pk: int) -> object:
        found = Inspection.objects.get(pk=pk)
        return goods.record(found, again(found.inspector), range(1, found.sample_size + 1), "batch-mismatch")

    def hurried() -> Any:
        """One whose points were answered at once; the sample waits."""
        product = goods.enrolled(cast.amal.organisation)
        point = {"code": "label", "kind": "yes_no", "zh": "标签", "en": "Label", "seconds": 60}
        goods.ask(point, product_id=product.pk, version=f"e{next(factories._number)}")
        lot = goods.lot(cast.amal, cast.wei, product=product, quantity=20)
        found = inspections.open_inspection(lot_id=lot.pk, actor=None, at=NOON)
        inspections.claim(inspection_id=found.pk, actor=cast.bo, at=NOON)
        inspections.answer_points(inspection_id=found.pk, answers={"label": True}, actor=cast.bo, at=NOON)
        return found

    machine = "qc.inspection.state"
    return [
        Edge(machine, "open", "claimed", opened, claim),
        Edge(machine, "claimed", "doubted", hurried, accept),
        Edge(machine, "claimed", "open", lambda: claimed(cast.bo), give_back),
        Edge(machine, "claimed", "accepted", claimed, accept),
        Edge(machine, "claimed", "rejected", claimed, reject),
    ]


def all_edges() -> list[Edge]:
    """Make the cast and return every edge."""
    from tests.experiments import work  # noqa: F401  the jobs of the edges do its work

    cast = Cast()
    return [
        *case_edges(cast),
        *category_edges(cast),
        *certificate_edges(cast, again),
        *enrolment_edges(cast),
        *run_edges(cast),
        *import_edges(cast),
        *job_edges(cast),
        *fee_edges(cast),
        *notice_edges(cast),
        *inspection_edges(cast),
        *failure_edges(cast, again),
        *lab_edges(cast),
        *order_edges(cast),
        *stock_edges(cast),
        *paper_edges(cast, again),
        *tag_edges(cast),
        *waybill_edges(cast, again),
        *return_edges(cast, again),
        *severity_edges(cast, again),
    ]


def uncovered(edges: list[Edge]) -> list[str]:
    """Return the edges of the lifecycle tables that no entry takes."""
    there = {(edge.machine, edge.source, edge.target) for edge in edges}
    return [
        f"{machine}: {source} → {target}"
        for machine, table in MACHINES.items()
        for source, targets in table.items()
        for target in sorted(targets)
        if (machine, str(source), str(target)) not in there
    ]
