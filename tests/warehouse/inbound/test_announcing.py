"""A merchant announces goods; only enrolled products that nothing stops, once per reference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from assurance.enrollment.lifecycle import EnrolmentState
from assurance.events.models import Event
from assurance.gates.actions import lift_stop, open_stop
from assurance.products.models import Product
from assurance.refusals import WrongState
from tests import goods
from tests.factories import NOON
from warehouse.inbound.actions import announcing, cancel_shipment
from warehouse.inbound.lifecycle import NoticeState
from warehouse.inbound.models import ShipmentLine, ShipmentNotice

if TYPE_CHECKING:
    from assurance.accounts.models import Organisation, User


class TestAnnouncing:
    def test_keeps_lines_shares_the_product_and_tells_of_it(self, amal: User, wei: User) -> None:
        product = goods.enrolled(amal.organisation)

        notice = goods.announced(amal, wei.organisation, goods.line(product, quantity=600), reference="PO-1")

        assert notice.code == f"RK-{notice.pk:06}"
        assert list(notice.lines.values_list("lot_number", "quantity", "expiry_date")) == [("HJ261105B", 600, goods.EXPIRES)]
        assert list(Product.objects.visible_to(wei)) == [product]
        event = Event.objects.get(kind="warehouse.shipment.announced")
        assert (event.actor_id, event.organisation_id, event.ids["notice_id"]) == (amal.pk, amal.organisation_id, notice.pk)

    def test_is_seen_by_both_sides_and_nobody_else(self, amal: User, wei: User, chidi: User, bob: User, eve: User) -> None:
        notice = goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation)))

        seen = {who.name: list(ShipmentNotice.objects.visible_to(who)) for who in (amal, wei, chidi, bob, eve)}

        assert seen == {"Amal": [notice], "Wei": [notice], "Chidi": [], "Bob": [], "Eve": [notice]}

    @pytest.mark.parametrize("state", [EnrolmentState.SUBMITTED, EnrolmentState.REJECTED, EnrolmentState.EXPIRED])
    def test_needs_an_approved_enrolment(self, amal: User, wei: User, state: EnrolmentState) -> None:
        product = goods.product(amal.organisation)
        goods.enrol(product, state=state)

        with pytest.raises(announcing.NotEnrolled) as refused:
            goods.announced(amal, wei.organisation, goods.line(product))

        assert (refused.value.field, ShipmentNotice.objects.count()) == ("lines.0.product", 0)

    def test_needs_an_enrolment_that_has_not_run_out(self, amal: User, wei: User) -> None:
        product = goods.product(amal.organisation)
        goods.enrol(product, valid_until=NOON)

        with pytest.raises(announcing.NotEnrolled):
            goods.announced(amal, wei.organisation, goods.line(product))

    def test_does_not_know_another_merchants_product(self, amal: User, chidi: User, wei: User) -> None:
        foreign = goods.enrolled(chidi.organisation)

        with pytest.raises(announcing.NotEnrolled):
            goods.announced(amal, wei.organisation, goods.line(foreign))

    def test_is_refused_while_a_stop_covers_the_product_in_that_warehouse(
        self, amal: User, wei: User, eve: User, other_warehouse: Organisation
    ) -> None:
        product = goods.enrolled(amal.organisation)
        stop = open_stop(
            merchant_id=amal.organisation_id,
            product_id=product.pk,
            warehouse_id=wei.organisation_id,
            code="severity",
            because="five lots not accepted",
            actor=None,
            at=NOON,
        )

        with pytest.raises(announcing.ProductStopped, match="five lots not accepted"):
            goods.announced(amal, wei.organisation, goods.line(product))
        assert ShipmentNotice.objects.count() == 0

        assert goods.announced(amal, other_warehouse, goods.line(product)).state == NoticeState.ANNOUNCED
        lift_stop(stop_id=stop.pk, actor=eve, at=NOON, reason="corrected")
        assert goods.announced(amal, wei.organisation, goods.line(product)).state == NoticeState.ANNOUNCED

    def test_of_the_same_reference_is_the_same_notice(self, amal: User, wei: User) -> None:
        product = goods.enrolled(amal.organisation)
        first = goods.announced(amal, wei.organisation, goods.line(product), reference="PO-7")

        again = goods.announced(amal, wei.organisation, goods.line(product), reference="PO-7")

        assert (again.pk, ShipmentNotice.objects.count(), ShipmentLine.objects.count()) == (first.pk, 1, 1)

    def test_of_the_same_reference_with_another_content_is_a_conflict(self, amal: User, wei: User) -> None:
        product = goods.enrolled(amal.organisation)
        goods.announced(amal, wei.organisation, goods.line(product, quantity=10), reference="PO-7")

        with pytest.raises(announcing.ReferenceTaken):
            goods.announced(amal, wei.organisation, goods.line(product, quantity=11), reference="PO-7")

        assert list(ShipmentLine.objects.values_list("quantity", flat=True)) == [10]

    def test_of_another_merchant_may_use_the_same_reference(self, amal: User, chidi: User, wei: User) -> None:
        goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation)), reference="PO-7")
        goods.announced(chidi, wei.organisation, goods.line(goods.enrolled(chidi.organisation)), reference="PO-7")

        assert ShipmentNotice.objects.count() == 2

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ({"expiry_date": goods.MADE}, announcing.DatesInconsistent),
            ({"produced_date": goods.TODAY + timedelta(days=1)}, announcing.DatesInconsistent),
            ({"produced_date": None, "expiry_date": goods.TODAY - timedelta(days=1)}, announcing.DatesInconsistent),
        ],
    )
    def test_refuses_dates_that_do_not_fit(self, amal: User, wei: User, change: dict[str, date | None], refusal: type[Exception]) -> None:
        wrong = replace(goods.line(goods.enrolled(amal.organisation)), **change)

        with pytest.raises(refusal):
            goods.announced(amal, wei.organisation, wrong)

    def test_needs_an_expiry_date_for_what_can_expire(self, amal: User, wei: User) -> None:
        food = goods.enrolled(amal.organisation, category=goods.category("snacks", is_perishable=True))

        with pytest.raises(announcing.ExpiryMissing):
            goods.announced(amal, wei.organisation, goods.line(food, expiry_date=None))

    def test_refuses_a_lot_that_is_named_twice(self, amal: User, wei: User) -> None:
        product = goods.enrolled(amal.organisation)

        with pytest.raises(announcing.LineTwice):
            goods.announced(amal, wei.organisation, goods.line(product), goods.line(product, quantity=1))

    def test_goes_to_a_warehouse_only(self, amal: User, other_merchant: Organisation) -> None:
        with pytest.raises(announcing.NoSuchWarehouse):
            goods.announced(amal, other_merchant, goods.line(goods.enrolled(amal.organisation)))

    def test_names_something(self, amal: User, wei: User) -> None:
        with pytest.raises(announcing.NoLines):
            goods.announced(amal, wei.organisation)

    def test_is_not_for_yesterday(self, amal: User, wei: User) -> None:
        line = goods.line(goods.enrolled(amal.organisation))

        with pytest.raises(announcing.DateInThePast):
            goods.announced(amal, wei.organisation, line, expected_date=goods.TODAY - timedelta(days=1))


class TestCancelling:
    def test_ends_a_notice_of_which_nothing_arrived(self, amal: User, wei: User) -> None:
        notice = goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation)))

        cancelled = cancel_shipment(notice_id=notice.pk, actor=amal, at=NOON)

        assert (cancelled.state, cancelled.closed_at) == (NoticeState.CANCELLED, NOON)

    def test_is_too_late_once_something_arrived(self, amal: User, wei: User) -> None:
        notice = goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation)))
        goods.receive(notice, wei, quantity=1)

        with pytest.raises(WrongState):
            cancel_shipment(notice_id=notice.pk, actor=amal, at=NOON)

        notice.refresh_from_db()
        assert notice.state == NoticeState.RECEIVING
