"""Whoever speaks SQL to the database as the application meets the same rules: every attack here is refused by PostgreSQL itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from assurance.database import constraint_of
from assurance.gates.actions import clear
from tests import goods
from tests.factories import NOON
from warehouse.inbound.models import Receipt
from warehouse.stock.custody import NEXT, Custody
from warehouse.stock.models import Lot, StockBalance
from warehouse.stock.queries import balance, differences

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from assurance.gates.models import Clearance

MOVE = """
INSERT INTO warehouse_stockmove (lot_id, merchant_id, source, target, quantity, at, actor_id, because, reference,
                                 clearance_id, clearance_kind, clearance_verdict)
VALUES (%(lot)s, %(merchant)s, %(source)s, %(target)s, %(quantity)s, now(), %(actor)s, 'attack', %(reference)s,
        %(clearance)s, %(kind)s, %(verdict)s)
"""


@pytest.fixture
def lot(amal: User, wei: User) -> Lot:
    return goods.lot(amal, wei, quantity=100)


def cleared(lot: Lot, *, verdict: str = "released") -> Clearance:
    return clear(
        subject_kind="lot",
        subject_id=lot.pk,
        stage="inbound",
        verdict=verdict,
        organisation_id=lot.merchant_id,
        because="judged",
        actor=None,
        at=NOON,
    )


def run(*statements: str, **values: Any) -> None:
    """Run statements in a savepoint of their own."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values or None)


RECEIPT = """
INSERT INTO warehouse_receipt (line_id, merchant_id, warehouse_id, product_id, lot_id, quantity, message, received_by_id, received_at)
VALUES (%(line)s, %(merchant)s, %(warehouse)s, %(product)s, %(lot)s, 7, 'by hand', %(person)s, now())
"""


def as_counted(lot: Lot) -> dict[str, int]:
    """Return the columns of the lot's real receipt."""
    kept = Receipt.objects.get(lot=lot)
    owners = {"merchant": kept.merchant_id, "warehouse": kept.warehouse_id, "product": kept.product_id}
    return owners | {"line": kept.line_id, "lot": kept.lot_id, "person": kept.received_by_id}


def attack(lot: Lot, actor: User, **given: Any) -> None:
    values = {
        "lot": lot.pk,
        "merchant": lot.merchant_id,
        "source": "pending",
        "target": "released",
        "quantity": 10,
        "actor": actor.pk,
        "reference": "attack",
        "clearance": None,
        "kind": None,
        "verdict": None,
    } | given
    with connection.cursor() as cursor:
        cursor.execute(MOVE, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refused(lot: Lot, actor: User, **given: Any) -> str:
    """Try a move by hand; return the constraint that refused it and prove that nothing moved."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        attack(lot, actor, **given)
    assert (balance(lot, Custody.PENDING), balance(lot, Custody.RELEASED), differences()) == (100, 0, [])
    return constraint_of(caught.value)


class TestAMoveByHand:
    @pytest.mark.row("P4.6")
    def test_cannot_release_without_a_clearance(self, lot: Lot, wei: User) -> None:
        assert refused(lot, wei) == "move_to_released_needs_clearance"

    @pytest.mark.row("P4.6")
    def test_cannot_release_with_half_a_clearance(self, lot: Lot, wei: User) -> None:
        given = cleared(lot)

        # an empty part would switch a composite foreign key off
        assert refused(lot, wei, clearance=given.pk) == "move_clearance_is_whole"
        assert refused(lot, wei, clearance=given.pk, kind="lot") == "move_clearance_is_whole"
        assert refused(lot, wei, kind="lot", verdict="released") == "move_clearance_is_whole"

    @pytest.mark.row("P4.6")
    def test_cannot_release_with_a_refusal_that_is_called_a_release(self, lot: Lot, wei: User) -> None:
        refusal = cleared(lot, verdict="refused")

        assert refused(lot, wei, clearance=refusal.pk, kind="lot", verdict="released") == "move_carries_clearance"
        assert refused(lot, wei, clearance=refusal.pk, kind="lot", verdict="refused") == "move_to_released_needs_clearance"

    @pytest.mark.row("P4.6")
    def test_cannot_release_with_the_clearance_of_another_lot(self, lot: Lot, amal: User, wei: User) -> None:
        other = goods.lot(amal, wei, quantity=100)

        assert refused(lot, wei, clearance=cleared(other).pk, kind="lot", verdict="released") == "move_carries_clearance"

    def test_cannot_use_a_clearance_twice(self, lot: Lot, wei: User) -> None:
        given = cleared(lot)
        attack(lot, wei, clearance=given.pk, kind="lot", verdict="released", reference="first")

        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            attack(lot, wei, clearance=given.pk, kind="lot", verdict="released", reference="second")

        assert (constraint_of(caught.value), balance(lot, Custody.RELEASED)) == ("move_once_per_clearance", 10)

    @pytest.mark.row("P6.3")
    def test_cannot_take_more_than_there_is(self, lot: Lot, wei: User) -> None:
        assert refused(lot, wei, target="held", quantity=101) == "balance_is_not_negative"

    @pytest.mark.parametrize(
        ("source", "target"), [(source, target) for source in Custody for target in Custody if target not in NEXT[source]]
    )
    def test_knows_no_other_way(self, lot: Lot, wei: User, source: Custody, target: Custody) -> None:
        assert refused(lot, wei, source=source, target=target) in {"move_follows_custody", "move_goes_somewhere"}

    def test_cannot_move_another_merchants_goods(self, lot: Lot, chidi: User, wei: User) -> None:
        assert refused(lot, wei, target="held", merchant=chidi.organisation_id) == "warehouse_stockmove_lot_same_owner"

    @pytest.mark.row("A3.1")
    def test_cannot_bring_goods_in_that_nobody_counted(self, lot: Lot, wei: User) -> None:
        assert refused(lot, wei, source="arrival", target="pending", quantity=5) == "lot_adds_up"


class TestAReceiptByHand:
    @pytest.mark.row("A3.1")
    def test_cannot_count_goods_that_stand_nowhere(self, lot: Lot) -> None:
        with pytest.raises(IntegrityError) as caught:
            run(RECEIPT, "SET CONSTRAINTS ALL IMMEDIATE", **as_counted(lot))

        assert constraint_of(caught.value) == "lot_adds_up"

    @pytest.mark.parametrize(
        ("column", "rule"),
        [
            ("product", "warehouse_receipt_line_same_owner"),
            ("merchant", "warehouse_receipt_line_same_owner"),
            ("warehouse", "warehouse_receipt_line_same_owner"),
            ("lot", "warehouse_receipt_lot_same_owner"),
            ("person", "warehouse_receipt_received_by_same_owner"),
        ],
    )
    def test_cannot_mix_owners(self, lot: Lot, amal: User, wei: User, chidi: User, bob: User, column: str, rule: str) -> None:
        foreign = {
            "product": goods.product(amal.organisation).pk,
            "merchant": chidi.organisation_id,
            "warehouse": bob.organisation_id,
            "lot": goods.lot(amal, wei, lot="ANOTHER").pk,
            "person": bob.pk,
        }

        with pytest.raises(IntegrityError) as caught:
            run(RECEIPT, f'SET CONSTRAINTS "{rule}" IMMEDIATE', **as_counted(lot) | {column: foreign[column]})

        assert constraint_of(caught.value) == rule


class TestRowsThatStay:
    @pytest.mark.parametrize("table", ["warehouse_stockmove", "warehouse_receipt", "warehouse_shipmentline"])
    @pytest.mark.parametrize("attempt", ["UPDATE {} SET quantity = quantity + 1", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
    def test_cannot_be_changed_or_deleted(self, lot: Lot, table: str, attempt: str) -> None:
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(attempt.format(table))

    @pytest.mark.parametrize(
        "attempt",
        [
            "UPDATE warehouse_stockbalance SET quantity = 1000000 WHERE custody = 'released'",
            "INSERT INTO warehouse_stockbalance (lot_id, custody, quantity) SELECT lot_id, 'shipped', 5 FROM warehouse_stockbalance",
            "DELETE FROM warehouse_stockbalance",
            "TRUNCATE warehouse_stockbalance",
        ],
    )
    @pytest.mark.row("P6.3")
    def test_balances_are_written_by_the_trigger_alone(self, lot: Lot, attempt: str) -> None:
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(attempt)

        assert dict(StockBalance.objects.filter(lot=lot).values_list("custody", "quantity")) == {"arrival": -100, "pending": 100}

    def test_the_triggers_function_cannot_be_lent_to_a_table_of_ones_own(self, lot: Lot) -> None:
        own = "CREATE TEMPORARY TABLE forged (lot_id bigint, source text, target text, quantity integer)"
        lent = "CREATE TRIGGER forged AFTER INSERT ON forged REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT"

        with pytest.raises(ProgrammingError, match="permission denied for function"):
            run(own, f"{lent} EXECUTE FUNCTION keep_stock_balance()")

    @pytest.mark.parametrize(
        "column", ["number = 'X'", "expiry_date = '2031-01-01'", "merchant_id = merchant_id", "product_id = product_id"]
    )
    def test_what_a_lot_says_stays(self, lot: Lot, column: str) -> None:
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(f"UPDATE warehouse_lot SET {column}")

    def test_a_notice_moves_along_its_edges_only(self, lot: Lot) -> None:
        with pytest.raises(DatabaseError) as caught:
            run("UPDATE warehouse_shipmentnotice SET state = 'announced', closed_at = NULL")

        assert constraint_of(caught.value) == "warehouse_shipmentnotice_state_edges"
