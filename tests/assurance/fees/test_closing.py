"""Months are closed, lines disputed, and what was wrong is given back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum

from assurance.events.models import Event
from assurance.fees import actions
from assurance.fees.canonical import body, digest
from assurance.fees.lifecycle import DisputeState
from assurance.fees.models import CreditNote, Dispute, Posting, Statement
from assurance.fees.queries import canonical_rows
from assurance.refusals import OwnWork, WrongState
from tests.charges import OCTOBER, charged, metered, told
from tests.factories import NOON

pytestmark = pytest.mark.usefixtures("prices")


class TestClosingAMonth:
    @pytest.mark.row("P15.3")
    def test_freezes_what_the_lines_come_to(self, hejian, fay):
        [line, _] = charged(told(hejian.pk), told(hejian.pk, "outbound_operation", quantity=3))

        [statement] = actions.finalise([line.statement], actor=fay, at=NOON)

        statement.refresh_from_db()
        assert (statement.state, str(statement.total), statement.line_count) == ("final", "3.50", 2)
        assert (statement.finalised_at, statement.finalised_by) == (NOON, fay)
        event = Event.objects.get(kind="fees.statement.finalised")
        assert (event.organisation_id, event.actor_id, event.changes["total"]) == (hejian.pk, fay.pk, [None, "3.50"])

    @pytest.mark.promise("G3")
    def test_reads_the_same_for_ever(self, hejian, fay):
        [line] = charged(told(hejian.pk))
        [statement] = actions.finalise([line.statement], actor=fay, at=NOON)
        hejian.name = "另一个名字"
        hejian.save(update_fields=["name"])
        charged(told(hejian.pk))

        statement = Statement.objects.select_related("merchant").get(pk=statement.pk)
        [(_, rows)] = canonical_rows([statement])

        assert digest(body(statement.merchant.code, statement.month, statement.total, rows)) == statement.digest

    def test_waits_until_the_month_is_over_in_shanghai(self, hejian, fay):
        [line] = charged(told(hejian.pk, at=datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC)))
        assert line.statement.month == date(2026, 10, 1)

        with pytest.raises(actions.MonthNotOver):
            actions.finalise([line.statement], actor=fay, at=datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC))
        actions.finalise([line.statement], actor=fay, at=datetime(2026, 10, 31, 16, 0, tzinfo=UTC))

    def test_waits_for_every_price(self, hejian, fay):
        [line] = charged(told(hejian.pk))
        metered(told(hejian.pk))

        with pytest.raises(actions.OperationsWaiting, match="1"):
            actions.finalise([line.statement], actor=fay, at=NOON)

    def test_does_not_wait_for_what_came_after_the_month(self, hejian, fay):
        [line] = charged(told(hejian.pk))
        metered(told(hejian.pk, at=NOON))

        assert actions.finalise([line.statement], actor=fay, at=NOON)

    def test_happens_once(self, hejian, fay):
        [line] = charged(told(hejian.pk))
        actions.finalise([line.statement], actor=fay, at=NOON)

        with pytest.raises(WrongState):
            actions.finalise([line.statement], actor=fay, at=NOON)

    @pytest.mark.parametrize("many", [1, 20])
    def test_takes_a_constant_number_of_statements(self, hejian, fay, many, django_assert_num_queries):
        lines = charged(*(told(hejian.pk, at=datetime(2020 + n // 12, n % 12 + 1, 15, tzinfo=UTC)) for n in range(many)))

        with django_assert_num_queries(9):
            actions.finalise([line.statement for line in lines], actor=fay, at=NOON)


class TestADispute:
    @pytest.fixture
    def line(self, hejian, fay):
        [line] = charged(told(hejian.pk, "outbound_operation", quantity=3))
        actions.finalise([line.statement], actor=fay, at=NOON)
        return line

    @pytest.fixture
    def opened(self, line, amal):
        [opened] = actions.dispute([line], reason="只有一件", actor=amal, at=NOON)
        return opened

    def test_is_due_within_five_working_days(self, opened):
        assert (opened.state, opened.reason) == ("open", "只有一件")
        assert opened.due_at == datetime(2026, 11, 27, 4, 0, tzinfo=UTC)

    def test_when_accepted_gives_the_line_back_in_the_next_open_month(self, opened, line, fay):
        actions.decide([opened], accept=True, answer="数量有误", actor=fay, at=NOON)

        note = CreditNote.objects.get()
        assert (str(note.amount), note.statement.month, note.dispute_id) == ("2.90", date(2026, 11, 1), opened.pk)
        legs = {leg.account: leg.amount for leg in note.postings.all()}
        assert legs == {"receivable": Decimal("-2.90"), "revenue": Decimal("2.90")}
        assert Posting.objects.filter(account="receivable").aggregate(n=Sum("amount"))["n"] == 0
        line.statement.refresh_from_db()
        assert str(line.statement.total) == "2.90"

    def test_may_give_a_part_back(self, opened, fay):
        actions.decide([opened], accept=True, answer="两件多算", amount=Decimal("0.70"), actor=fay, at=NOON)

        assert str(CreditNote.objects.get().amount) == "0.70"

    def test_never_gives_more_back_than_was_charged(self, opened, fay):
        with pytest.raises(actions.MoreThanCharged, match="2.90"):
            actions.decide([opened], accept=True, answer="太多", amount=Decimal("2.91"), actor=fay, at=NOON)
        opened.refresh_from_db()
        assert opened.state == DisputeState.OPEN or connection.in_atomic_block

    def test_when_rejected_gives_nothing_back_and_may_be_opened_again(self, opened, line, amal, fay):
        actions.decide([opened], accept=False, answer="包裹里是三件", actor=fay, at=NOON)

        assert not CreditNote.objects.exists()
        [again] = actions.dispute([line], reason="称重照片", actor=amal, at=NOON)
        assert Dispute.objects.filter(line=line).count() == 2
        actions.decide([again], accept=True, answer="照片为证", actor=fay, at=NOON)
        with pytest.raises(actions.AlreadyDisputed):
            actions.dispute([line], reason="再来", actor=amal, at=NOON)

    def test_is_opened_once_at_a_time(self, opened, line, ann):
        with pytest.raises(actions.AlreadyDisputed):
            actions.dispute([line], reason="又", actor=ann, at=NOON)

    def test_is_decided_once_and_by_another(self, opened, amal, fay):
        with pytest.raises(OwnWork):
            actions.decide([opened], accept=True, answer="我说了算", actor=amal, at=NOON)
        actions.decide([opened], accept=False, answer="不同意", actor=fay, at=NOON)
        with pytest.raises(WrongState):
            actions.decide([opened], accept=True, answer="改主意", actor=fay, at=NOON)

    def test_stands_on_the_next_statement(self, opened, fay, hejian):
        actions.decide([opened], accept=True, answer="数量有误", actor=fay, at=NOON)
        charged(told(hejian.pk, at=NOON))
        november = Statement.objects.get(month=date(2026, 11, 1))

        actions.finalise([november], actor=fay, at=datetime(2026, 12, 1, tzinfo=UTC))

        november.refresh_from_db()
        assert (str(november.total), november.line_count) == ("-2.30", 1)

    def test_belongs_to_another_merchant_and_is_not_opened(self, line, chidi):
        assert actions.dispute([line], reason="不是我的", actor=chidi, at=NOON) == []


def test_october_is_over_at_noon():
    assert OCTOBER < NOON
