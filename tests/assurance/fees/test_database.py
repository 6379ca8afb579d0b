"""What the database refuses whoever asks: the attacks on a ledger, tried in SQL as the application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from psycopg2 import errors

from assurance.database import constraint_of
from assurance.fees import actions
from assurance.fees.models import FeeLine, Posting, Rate, Statement
from tests.charges import OCTOBER, charged, load_prices, metered, told
from tests.factories import NOON

pytestmark = [pytest.mark.promise("G2"), pytest.mark.usefixtures("prices")]

LEG = "INSERT INTO assurance_posting (merchant_id, statement_id, kind, account, amount, currency, line_id, credit_note_id, at) VALUES "


@pytest.fixture
def line(hejian):
    [found] = charged(told(hejian.pk, "outbound_operation", quantity=3))
    return found


def refusal(deed: Callable[[], object]) -> str:
    """Do something up to its commit and return the name of the rule that refuses it."""

    def up_to_commit() -> None:
        with transaction.atomic():
            deed()
            connection.check_constraints()

    with pytest.raises(IntegrityError) as refused:
        up_to_commit()
    return constraint_of(refused.value)


def sql(text: str, /, **values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def book(line: FeeLine, legs: list[tuple[str, ...]], **other: Any) -> None:
    if legs:
        sql(LEG + ",".join(leg(line, *one, **other) for one in legs))


def leg(line: FeeLine, account: str, amount: str, currency: str = "CNY", **other: Any) -> str:
    found = {"merchant": line.merchant_id, "statement": line.statement_id, "kind": line.kind, "line": line.pk} | other
    return (
        f"({found['merchant']}, {found['statement']}, '{found['kind']}', '{account}', {amount}, '{currency}', {found['line']}, NULL, now())"
    )


def unbooked(line: FeeLine, statement: Statement | None = None) -> FeeLine:
    """Return a second line, without legs, in the open transaction; it is the attacker's best friend."""
    [operation] = metered(told(line.merchant_id, line.kind, quantity=3))
    return FeeLine.objects.create(
        operation=operation,
        merchant_id=line.merchant_id,
        kind=line.kind,
        statement=statement or line.statement,
        rate=line.rate,
        amount=line.amount,
        formula=line.formula,
        at=line.at,
        rated_at=NOON,
    )


class TestALedger:
    @pytest.mark.parametrize(
        "attack",
        [
            "UPDATE assurance_posting SET amount = 0.01",
            "UPDATE assurance_posting SET account = 'revenue'",
            "DELETE FROM assurance_posting",
            "TRUNCATE assurance_posting",
            "UPDATE assurance_feeline SET amount = 0.01",
            "DELETE FROM assurance_operation",
            "DELETE FROM assurance_creditnote",
            "DELETE FROM assurance_statement",
            "UPDATE assurance_statement SET month = '2030-01-01'",
            "UPDATE assurance_rate SET terms = '{}'",
        ],
    )
    def test_gives_the_application_no_right_to_change_what_was_booked(self, line, attack):
        with pytest.raises(ProgrammingError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)

        assert isinstance(refused.value.__cause__, errors.InsufficientPrivilege)

    @pytest.mark.parametrize(
        ("legs", "rule"),
        [
            ([("receivable", "2.90")], "posting_balances"),
            ([("receivable", "2.90"), ("revenue", "-2.89")], "posting_balances"),
            ([("receivable", "2.90"), ("receivable", "-2.90")], "posting_once_per_line_and_account"),
            ([("receivable", "3.00"), ("revenue", "-3.00")], "posting_as_its_entry"),
            ([("receivable", "-2.90"), ("revenue", "2.90")], "posting_as_its_entry"),
            ([("receivable", "0.00"), ("revenue", "0.00")], "posting_is_not_zero"),
            ([("receivable", "2.90"), ("revenue", "-2.90", "USD")], "posting_is_in_yuan"),
            ([("receivable", "2.90"), ("cash", "-2.90")], "posting_account_is_known"),
            ([], "feeline_is_booked"),
        ],
    )
    def test_refuses_an_entry_whose_legs_are_wrong(self, line, legs, rule):
        assert refusal(lambda: book(unbooked(line), legs)) == rule

    def test_refuses_entries_that_balance_only_together(self, line):
        def deed() -> None:
            one, two = unbooked(line), unbooked(line)
            first = [leg(one, "receivable", "2.90"), leg(one, "revenue", "-2.80")]
            sql(LEG + ",".join([*first, leg(two, "receivable", "2.90"), leg(two, "revenue", "-3.00")]))

        assert refusal(deed) == "posting_balances"

    def test_refuses_legs_of_another_merchant(self, line, other_merchant):
        [theirs] = charged(told(other_merchant.pk))
        side = {"merchant": other_merchant.pk, "statement": theirs.statement_id}
        legs = [("receivable", "2.90"), ("revenue", "-2.90")]
        assert refusal(lambda: book(unbooked(line), legs, **side)) == "posting_as_its_entry"

    def test_refuses_a_third_leg(self, line):
        assert refusal(lambda: book(line, [("receivable", "2.90"), ("revenue", "-2.90")])) == "posting_once_per_line_and_account"

    @pytest.mark.row("P15.6")
    def test_refuses_a_second_line_for_one_operation(self, line):
        again = (
            "INSERT INTO assurance_feeline (operation_id, merchant_id, kind, statement_id, rate_id, amount, formula, at, rated_at) "
            "SELECT operation_id, merchant_id, kind, statement_id, rate_id, amount, formula, at, rated_at FROM assurance_feeline"
        )
        assert refusal(lambda: sql(again)) == "feeline_once_per_operation"

    def test_refuses_a_second_operation_for_one_source(self, line):
        again = (
            "INSERT INTO assurance_operation (kind, merchant_id, source_kind, source_id, quantity, measures, at, metered_at) "
            "SELECT kind, merchant_id, source_kind, source_id, quantity, measures, at, metered_at FROM assurance_operation"
        )
        assert refusal(lambda: sql(again)) == "operation_once_per_kind_and_source"

    def test_refuses_a_line_whose_merchant_is_not_the_operations(self, line, other_merchant):
        [theirs] = charged(told(other_merchant.pk))
        [operation] = metered(told(line.merchant_id))
        values = [operation.pk, other_merchant.pk, "service", theirs.statement_id, theirs.rate_id]
        assert refusal(lambda: new_line(*values)) == "assurance_feeline_operation_same_owner"

    def test_refuses_a_line_at_the_rate_of_another_fee(self, line):
        [operation] = metered(told(line.merchant_id))
        values = [operation.pk, line.merchant_id, "service", line.statement_id, line.rate_id]
        assert refusal(lambda: new_line(*values)) == "assurance_feeline_rate_same_owner"

    def test_keeps_an_operation_in_the_queue_until_its_line_is_there(self, line):
        metered(told(line.merchant_id))
        assert refusal(lambda: sql("DELETE FROM assurance_ratingdue")) == "ratingdue_goes_with_its_line"


class TestAFinalStatement:
    @pytest.fixture
    def final(self, line, fay):
        [statement] = actions.finalise([line.statement], actor=fay, at=NOON)
        return statement

    def test_takes_no_line_and_no_leg(self, line, final):
        assert refusal(lambda: unbooked(line)) == "feeline_into_open_statement"
        statement = Statement.objects.create(merchant_id=line.merchant_id, month=date(2026, 11, 1), opened_at=NOON)
        with transaction.atomic():
            new = unbooked(line, statement=statement)
            legs = [("receivable", "2.90"), ("revenue", "-2.90")]
            assert refusal(lambda: book(new, legs, statement=final.pk)) in ("posting_into_open_statement", "posting_as_its_entry")
            book(new, legs)

    @pytest.mark.promise("G3")
    @pytest.mark.parametrize("column", ["total = 1", "digest = 'x'", "finalised_at = now()", "line_count = 0", "state = 'draft'"])
    def test_never_changes(self, final, column):
        assert refusal(lambda: sql(f"UPDATE assurance_statement SET {column}")) in (
            "statement_final_never_changes",
            "assurance_statement_state_edges",
        )

    @pytest.mark.row("P15.3")
    @pytest.mark.parametrize("wrong", ["total = 2.91", "total = 2.89", "line_count = 2"])
    def test_adds_up_or_is_not_final(self, line, fay, wrong):
        names = {"total": "2.90", "line_count": "1"} | dict([wrong.split(" = ")])
        close = (
            "UPDATE assurance_statement SET state = 'final', digest = 'x', finalised_at = now(), finalised_by_id = %(fay)s, "
            f"total = {names['total']}, line_count = {names['line_count']}"
        )
        assert refusal(lambda: sql(close, fay=fay.pk)) == "statement_adds_up"

    def test_cannot_be_born_final(self, hejian, fay):
        born = (
            "INSERT INTO assurance_statement "
            "(merchant_id, month, state, total, line_count, digest, opened_at, finalised_at, finalised_by_id) "
            "VALUES (%(merchant)s, '2020-01-01', 'final', 5, 0, 'x', now(), now(), %(fay)s)"
        )
        assert refusal(lambda: sql(born, merchant=hejian.pk, fay=fay.pk)) == "statement_adds_up"

    def test_begins_on_the_first_and_once_a_month(self, line):
        columns = "INSERT INTO assurance_statement (merchant_id, month, state, digest, opened_at) "
        new = columns + "VALUES (%(merchant)s, %(month)s, 'draft', '', now())"
        assert refusal(lambda: sql(new, merchant=line.merchant_id, month="2026-10-02")) == "statement_month_begins_on_the_first"
        assert refusal(lambda: sql(new, merchant=line.merchant_id, month="2026-10-01")) == "statement_once_per_month"


class TestACreditNote:
    @pytest.fixture
    def opened(self, line, amal, fay):
        actions.finalise([line.statement], actor=fay, at=NOON)
        [found] = actions.dispute([line], reason="错", actor=amal, at=NOON)
        return found

    def write(self, dispute, statement, fay, amount="2.90", legs=True) -> str:
        note = (
            "INSERT INTO assurance_creditnote (line_id, merchant_id, dispute_id, statement_id, amount, reason, issued_by_id, issued_at) "
            "VALUES (%(line)s, %(merchant)s, %(dispute)s, %(statement)s, %(amount)s, 'r', %(fay)s, now())"
        )
        values = {"line": dispute.line_id, "merchant": dispute.merchant_id, "dispute": dispute.pk, "statement": statement.pk}
        return refusal(lambda: sql(note, amount=amount, fay=fay.pk, **values))

    def november(self, hejian):
        return Statement.objects.create(merchant=hejian, month=date(2026, 11, 1), opened_at=NOON)

    def test_is_never_more_than_its_line(self, opened, hejian, fay):
        assert self.write(opened, self.november(hejian), fay, "2.91") == "creditnote_within_its_line"

    def test_is_booked_or_does_not_exist(self, opened, hejian, fay):
        assert self.write(opened, self.november(hejian), fay) == "creditnote_is_booked"

    def test_never_stands_in_a_closed_statement(self, opened, line, fay):
        assert self.write(opened, line.statement, fay) == "creditnote_into_open_statement"

    def test_is_given_once(self, opened, hejian, fay):
        actions.decide([opened], accept=True, answer="是", actor=fay, at=NOON)
        assert self.write(opened, Statement.objects.get(state="draft"), fay) in ("creditnote_once_per_line", "creditnote_once_per_dispute")

    def test_follows_every_accepted_dispute(self, opened, fay):
        accept = "UPDATE assurance_dispute SET state = 'accepted', answer = 'x', decided_by_id = %(fay)s, decided_at = now()"
        assert refusal(lambda: sql(accept, fay=fay.pk)) == "dispute_accepted_is_credited"

    def test_is_not_decided_by_who_asked(self, opened, amal):
        reject = "UPDATE assurance_dispute SET state = 'rejected', answer = 'x', decided_by_id = %(amal)s, decided_at = now()"
        assert refusal(lambda: sql(reject, amal=amal.pk)) == "dispute_decided_by_another"


class TestARate:
    def test_never_overlaps_another_of_its_kind(self, line):
        again = (
            "INSERT INTO assurance_rate (card_id, kind, method, terms, from_date, until_date) "
            "SELECT 999999, kind, method, terms, '2025-06-01', '2026-06-01' FROM assurance_rate WHERE id = %(rate)s"
        )
        sql("INSERT INTO assurance_ratecard SELECT 999999, 'x', '', '', '', '', true, '2040-01-01', now()")
        assert refusal(lambda: sql(again, rate=line.rate_id)) == "rate_once_at_a_time"

    def test_ends_once_and_never_before_what_it_charged(self, line):
        end = "UPDATE assurance_rate SET until_date = %(day)s WHERE id = %(rate)s"
        assert refusal(lambda: sql(end, day=OCTOBER.date(), rate=line.rate_id)) == "rate_ends_once"
        Rate.objects.filter(pk=line.rate_id).update(until_date=OCTOBER.date() + timedelta(days=1))
        assert refusal(lambda: sql(end, day=date(2040, 1, 1), rate=line.rate_id)) == "rate_ends_once"


def new_line(operation_id: int, merchant_id: int, kind: str, statement_id: int, rate_id: int) -> FeeLine:
    found = {"amount": Decimal("0.60"), "formula": "0.60", "at": OCTOBER, "rated_at": NOON}
    line = FeeLine.objects.create(
        operation_id=operation_id, merchant_id=merchant_id, kind=kind, statement_id=statement_id, rate_id=rate_id, **found
    )
    legs = [("receivable", "0.60"), ("revenue", "-0.60")]
    Posting.objects.bulk_create(
        Posting(merchant_id=merchant_id, statement_id=statement_id, kind=kind, line=line, account=account, amount=Decimal(amount), at=NOON)
        for account, amount in legs
    )
    return line


def test_the_prices_are_there():
    assert load_prices() == 0
