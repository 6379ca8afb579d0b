"""The first path in sets: thousands of goods cost as many statements as one, and a refusal names the member and keeps nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assurance.enrollment import actions as enrolling
from assurance.enrollment.models import Enrolment
from assurance.events.models import Event
from assurance.fees.models import Operation
from assurance.products.actions import SkuTaken
from assurance.products.models import Category, Product
from qc.inspections import actions as qc
from qc.inspections.actions import FoundSample, FoundUnit
from qc.inspections.models import Inspection
from tests import enrolments, goods
from tests.factories import NOON
from tests.harness import session
from warehouse.inbound import actions as inbound
from warehouse.inbound.actions import AnnouncedLine, Arrival, NewNotice
from warehouse.inbound.models import Receipt, ShipmentNotice
from warehouse.stock.models import Lot, StockMove

if TYPE_CHECKING:
    from collections.abc import Callable

    from assurance.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(amal: User) -> None:
    goods.category()
    enrolments.accept(amal)
    goods.catalogue()


def new(amal: User, count: int, *, prefix: str) -> list[enrolling.NewEnrolment]:
    category = Category.objects.select_related("parent").get(code="skincare")
    given = [enrolments.values(sku=f"{prefix}-{n}", category=category, attributes={}) for n in range(count)]
    return [enrolling.NewEnrolment(one, amal, NOON + timedelta(minutes=n), source="replay") for n, one in enumerate(given)]


def statements(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        work()
    return len(seen)


class Path:
    """So many products from the form to the verdict, step by step; counts the statements of every step."""

    def __init__(self, amal: User, dana: User, wei: User, bo: User, *, count: int, prefix: str) -> None:
        self.steps: dict[str, int] = {}
        self.enrolled: list[Enrolment] = []
        self.amal, self.dana, self.wei, self.bo = amal, dana, wei, bo
        self.walk(new(amal, count, prefix=prefix), prefix)

    def walk(self, entries: list[enrolling.NewEnrolment], prefix: str) -> None:
        self.count("begin", lambda: self.enrolled.extend(enrolling.begin_all(entries)))
        cases = [enrolling.Case(one.pk, NOON + timedelta(hours=1)) for one in self.enrolled]
        self.count("claim", lambda: enrolling.claim_all(cases, actor=self.dana))
        self.count("approve", lambda: enrolling.approve_all(cases, actor=self.dana))
        later = NOON + timedelta(hours=2)
        notices = [
            NewNotice(
                self.amal,
                self.wei.organisation_id,
                f"{prefix}-{one.pk}",
                goods.TODAY,
                [AnnouncedLine(one.product_id, "L1", 20, goods.MADE, goods.EXPIRES)],
                later,
                "replay",
            )
            for one in self.enrolled
        ]
        announced: list[ShipmentNotice] = []
        self.count("announce", lambda: announced.extend(inbound.announce_shipments(notices)))
        skus = dict(Product.objects.filter(pk__in=[one.product_id for one in self.enrolled]).values_list("pk", "sku"))
        arrivals = [
            Arrival(notice.pk, skus[one.product_id], "L1", 20, f"{prefix}-{one.pk}", later, goods.MADE, goods.EXPIRES)
            for notice, one in zip(announced, self.enrolled, strict=True)
        ]
        self.count("receive", lambda: inbound.receive_all(arrivals, actor=self.wei))
        lots = Lot.objects.filter(product__in=skus).order_by("pk")
        self.inspect(list(lots.values_list("pk", flat=True)), later)

    def inspect(self, lots: list[int], later: object) -> None:
        opened: list[Inspection] = []
        wanted = [qc.Opening(lot, NOON + timedelta(hours=3), "replay") for lot in lots]
        self.count("open", lambda: opened.extend(qc.open_all(wanted, actor=None)))
        cases = [qc.Case(one.pk, NOON + timedelta(hours=4)) for one in opened]
        self.count("take", lambda: qc.claim_all(cases, actor=self.bo))
        found = [
            FoundSample(one.pk, [FoundUnit(n, is_conforming=True) for n in range(1, one.sample_size + 1)], NOON + timedelta(hours=5))
            for one in opened
        ]
        self.count("record", lambda: qc.record_all(found, actor=self.bo))

    def count(self, step: str, work: Callable[[], object]) -> None:
        self.steps[step] = statements(work)


class TestTheFirstPathInSets:
    @pytest.mark.sampled
    @pytest.mark.usefixtures("house")
    def test_asks_as_often_for_one_as_for_many(self, amal: User, dana: User, wei: User, bo: User) -> None:
        Path(amal, dana, wei, bo, count=1, prefix="WARM")
        one = Path(amal, dana, wei, bo, count=1, prefix="ONE")
        many = Path(amal, dana, wei, bo, count=session.many(25, here=8), prefix="MANY")

        assert many.steps == one.steps

    @pytest.mark.usefixtures("house")
    def test_brings_everybody_to_the_verdict_at_its_own_moment(self, amal: User, dana: User, wei: User, bo: User) -> None:
        path = Path(amal, dana, wei, bo, count=3, prefix="P")

        assert {one.state for one in Enrolment.objects.all()} == {"approved"}
        assert [one.submitted_at for one in path.enrolled] == [NOON + timedelta(minutes=n) for n in range(3)]
        assert {one.source for one in Product.objects.all()} == {one.source for one in Lot.objects.all()} == {"replay"}
        verdicts = Inspection.objects.values_list("state", "source", "inspected", "decided_at")
        assert set(verdicts) == {("accepted", "replay", verdicts[0][2], NOON + timedelta(hours=5))}
        assert StockMove.objects.filter(target="released").count() == 3
        assert Operation.objects.filter(kind="inbound_check", source_kind="qc.inspection").count() == 3
        assert Event.objects.filter(kind="warehouse.lot.first_received").count() == 3

    @pytest.mark.usefixtures("house")
    def test_names_the_member_it_refuses_and_keeps_nothing(self, amal: User) -> None:
        entries = [*new(amal, 3, prefix="A"), *new(amal, 1, prefix="A")]

        with pytest.raises(SkuTaken) as refused:
            enrolling.begin_all(entries)

        assert refused.value.place == 3
        assert (Product.objects.count(), Enrolment.objects.count()) == (0, 0)

    @pytest.mark.usefixtures("house")
    def test_answers_a_notice_and_a_message_that_come_again(self, amal: User, dana: User, wei: User, bo: User) -> None:
        Path(amal, dana, wei, bo, count=2, prefix="P")
        notice = ShipmentNotice.objects.order_by("pk")[0]
        line = notice.lines.get()
        again = NewNotice(
            amal,
            wei.organisation_id,
            notice.reference,
            goods.TODAY,
            [AnnouncedLine(line.product_id, "L1", 20, goods.MADE, goods.EXPIRES)],
            NOON + timedelta(days=1),
        )
        receipt = Receipt.objects.get(line=line)
        arrival = Arrival(notice.pk, line.product.sku, "L1", 20, receipt.message, NOON + timedelta(days=1), goods.MADE, goods.EXPIRES)

        assert inbound.announce_shipments([again, again]) == [notice, notice]
        assert [(one.receipt, one.is_new) for one in inbound.receive_all([arrival], actor=wei)] == [(receipt, False)]
        assert Receipt.objects.count() == 2
