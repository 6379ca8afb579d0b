"""The same order is one order; what differs is refused; who sends it sees only his own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from assurance.events.models import Event, Job
from tests import goods, orders
from tests.factories import NOON
from tests.warehouse.at_once import at_once
from warehouse.orders import actions
from warehouse.orders.actions import PaidLine
from warehouse.orders.models import Order, OrderLine, Recipient

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from assurance.products.models import Product
    from tests.harness.databases import CommittedDatabase


@pytest.fixture
def product(amal: User) -> Product:
    return goods.enrolled(amal.organisation)


class TestTaking:
    def test_keeps_order_lines_and_recipient(self, product: Product, eve: User) -> None:
        order = orders.taken(eve, (product, 2))

        line = order.lines.get()
        assert (order.source, order.state, order.merchant_id, order.marketplace_state) == ("douyin", "paid", product.merchant_id, "paid")
        assert (line.product_id, line.quantity, line.unit_price, line.freight, line.amount) == (
            product.pk,
            2,
            Decimal("59.90"),
            Decimal("6.00"),
            Decimal("119.80"),
        )
        assert (order.recipient.name, order.recipient.masked_name, order.recipient.place) == ("肖敏", "肖*", "浙江省 杭州市 萧山区")

    def test_keeps_what_the_badge_said(self, product: Product, eve: User) -> None:
        line = orders.taken(eve, (product, 1)).lines.get()

        assert (line.badge["status"], line.badge["is_valid"], line.badge["checked_at"]) == ("none", False, NOON.isoformat())

    def test_asks_once_for_allocation(self, product: Product, eve: User) -> None:
        orders.take(eve, [orders.paid((product, 1)) for _ in range(3)])

        job = Job.objects.get(handler="warehouse.orders.allocate_what_was_taken")
        assert job.payload == {"order_ids": list(Order.objects.order_by("id").values_list("pk", flat=True))}

    def test_keeps_a_clock_that_runs_backwards_and_names_it(self, product: Product, eve: User) -> None:
        order = orders.taken(eve, (product, 1), paid_at=NOON - timedelta(hours=2))

        assert order.clock_flags == ["paid_before_ordered"]

    def test_says_nothing_personal_in_the_log(self, product: Product, eve: User) -> None:
        order = orders.taken(eve, (product, 1))

        told = str(list(Event.objects.filter(subject_kind__startswith="warehouse.").values()))
        assert not any(word in told for word in (orders.XIAO.name, orders.XIAO.phone, orders.XIAO.address)), order.pk


class TestTheSameOrder:
    def test_is_taken_once(self, product: Product, eve: User) -> None:
        paid = orders.paid((product, 1))
        first, again = (actions.take_orders([paid, paid], actor=eve, at=NOON) for _ in range(2))

        assert [(one.is_new, one.order.pk) for one in (*first, *again) if one.order] == [
            (True, Order.objects.get().pk),
            *[(False, Order.objects.get().pk)] * 3,
        ]
        assert (OrderLine.objects.count(), Recipient.objects.count(), Event.objects.filter(kind="warehouse.order.taken").count()) == (
            1,
            1,
            1,
        )

    def test_with_other_content_is_refused_alone(self, product: Product, eve: User) -> None:
        paid = orders.paid((product, 1))
        orders.take(eve, [paid])
        dearer = replace(paid, lines=(PaidLine(1, product.pk, 1, Decimal("1.00"), Decimal("6.00")),))

        refused, fine = actions.take_orders([dearer, orders.paid((product, 1))], actor=eve, at=NOON)

        assert (refused.order, refused.refusal and refused.refusal.code, fine.is_new) == (None, "order_differs", True)
        assert Order.objects.get(number=paid.number).lines.get().unit_price == Decimal("59.90")

    def test_follows_the_marketplaces_word(self, product: Product, eve: User) -> None:
        paid = orders.paid((product, 1))
        orders.take(eve, [paid])

        orders.take(eve, [replace(paid, marketplace_state="invoiced")])

        assert Order.objects.get().marketplace_state == "invoiced"

    def test_from_two_senders_at_once_is_one(self, committed_db: CommittedDatabase, product: Product, eve: User) -> None:
        paid = [orders.paid((product, 1)) for _ in range(5)]

        answers = at_once(*[lambda: actions.take_orders(paid, actor=eve, at=NOON)] * 4)

        assert sum(one.is_new for answer in answers for one in answer) == 5  # type: ignore[attr-defined]
        assert (Order.objects.count(), OrderLine.objects.count()) == (5, 5)


class TestWhoSends:
    def test_a_merchant_sends_under_its_own_code(self, product: Product, amal: User, chidi: User) -> None:
        theirs = orders.taken(chidi, (goods.enrolled(chidi.organisation), 1), number="SAME-1")
        mine = orders.taken(amal, (product, 1), number="SAME-1")

        assert (mine.source, theirs.source) == ("HEJIAN", "LANXI")

    def test_a_merchant_sends_no_other_merchants_goods(self, product: Product, chidi: User) -> None:
        answer = actions.take_orders([orders.paid((product, 1))], actor=chidi, at=NOON)[0]

        assert answer.refusal is not None
        assert (answer.refusal.code, answer.refusal.field, Order.objects.count()) == ("no_such_product", "lines.0.product", 0)

    @pytest.mark.parametrize(("lines", "code"), [("none", "no_lines"), ("twice", "line_twice"), ("zero", "line_amiss")])
    def test_what_cannot_be_meant_is_refused(self, product: Product, eve: User, lines: str, code: str) -> None:
        line = PaidLine(1, product.pk, 1, Decimal("1.00"))
        given = {"none": (), "twice": (line, line), "zero": (replace(line, quantity=0),)}[lines]

        answer = actions.take_orders([orders.paid(lines=given)], actor=eve, at=NOON)[0]

        assert answer.refusal is not None
        assert answer.refusal.code == code
