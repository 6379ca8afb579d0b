from __future__ import annotations

import itertools
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from assurance.events.models import Event
from assurance.gates.actions import AlreadyLifted, EndsTooEarly, NoReason, Stopped, lift_stop, open_stop, pass_gate
from assurance.gates.models import Stop
from assurance.gates.queries import stop_covering, stops_covering
from assurance.refusals import OwnWork
from tests.assurance.evidence.test_recording import wait_until_somebody_waits
from tests.factories import NOON

HOUR = timedelta(hours=1)


@pytest.fixture
def stop(hejian, bea):
    def open_it(**given):
        values = {"merchant_id": hejian.pk, "code": "lab_failed", "because": "铅超标", "actor": bea, "at": NOON} | given
        return open_stop(**values)

    return open_it


class TestAStop:
    def test_keeps_whom_it_stops_and_why(self, stop, hejian, xiaoshan, bea):
        stop(product_id=5, warehouse_id=xiaoshan.pk, lot_id=9, until=NOON + HOUR)

        kept = Stop.objects.get()
        assert (kept.merchant, kept.product_id, kept.warehouse, kept.lot_id) == (hejian, 5, xiaoshan, 9)
        assert (kept.code, kept.because, kept.opened_at, kept.opened_by, kept.until) == ("lab_failed", "铅超标", NOON, bea, NOON + HOUR)
        event = Event.objects.get()
        assert (event.kind, event.reason, event.organisation_id) == ("gates.stop.opened", "铅超标", hejian.pk)

    @pytest.mark.parametrize("stopped", list(itertools.product((False, True), repeat=3)))
    def test_covers_what_agrees_with_every_dimension_it_names(self, stop, hejian, xiaoshan, other_warehouse, stopped):
        """What is stopped against everything that can be asked for: of each dimension nothing, the same, another."""
        names, same, other = ("product_id", "warehouse_id", "lot_id"), (5, xiaoshan.pk, 9), (6, other_warehouse.pk, 10)
        stop(**{name: value for name, value, on in zip(names, same, stopped, strict=True) if on})

        for asked in itertools.product(*zip((None, None, None), same, other, strict=True)):
            question = dict(zip(names, asked, strict=True))
            covered = stop_covering(merchant_id=hejian.pk, at=NOON, **question) is not None
            assert covered == all(answer == value for on, answer, value in zip(stopped, asked, same, strict=True) if on), question

    def test_never_covers_another_merchant(self, stop, other_merchant):
        stop()

        assert stop_covering(merchant_id=other_merchant.pk, at=NOON) is None

    def test_ends_by_itself_at_its_end(self, stop, hejian):
        opened = stop(until=NOON + HOUR)

        assert stop_covering(merchant_id=hejian.pk, at=NOON + HOUR - timedelta(microseconds=1)) == opened
        assert stop_covering(merchant_id=hejian.pk, at=NOON + HOUR) is None

    def test_is_found_with_the_others_oldest_first(self, stop, hejian):
        second = stop(code="recall", at=NOON + HOUR)
        first = stop()

        assert stops_covering(merchant_id=hejian.pk, at=NOON + 2 * HOUR) == [first, second]
        assert stop_covering(merchant_id=hejian.pk, at=NOON + 2 * HOUR) == first

    def test_is_looked_for_now_unless_a_moment_is_given(self, stop, hejian):
        opened = stop()

        assert stop_covering(merchant_id=hejian.pk) == opened

    def test_is_seen_by_the_merchant_the_warehouse_and_the_platform(self, stop, xiaoshan, amal, bo, bob, chidi, ada):
        opened = stop(warehouse_id=xiaoshan.pk)

        for user, sees in ((amal, [opened]), (bo, [opened]), (ada, [opened]), (bob, []), (chidi, [])):
            assert list(Stop.objects.visible_to(user)) == sees

    @pytest.mark.parametrize(
        ("given", "rule"),
        [
            ({"code": ""}, "stop_has_a_reason"),
            ({"because": ""}, "stop_has_a_reason"),
            ({"until": NOON}, "stop_ends_after_it_begins"),
            ({"lifted_at": NOON}, "stop_lifted_with_a_reason"),
            ({"lift_reason": "why"}, "stop_lifted_with_a_reason"),
            ({"lifted_at": NOON - HOUR, "lift_reason": "why"}, "stop_lifted_after_it_began"),
        ],
    )
    def test_that_makes_no_sense_is_refused_by_the_database(self, hejian, given, rule):
        values = {"merchant": hejian, "code": "x", "because": "y", "opened_at": NOON} | given
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            Stop.objects.create(**values)


class TestOpeningAStop:
    def test_again_changes_nothing(self, stop):
        first = stop(product_id=5)

        assert stop(product_id=5, because="again", at=NOON + HOUR) == first
        assert (Stop.objects.count(), Event.objects.count()) == (1, 1)

    def test_again_for_longer_moves_its_end(self, stop, hejian):
        stop(until=NOON + HOUR)
        stop(until=NOON + 2 * HOUR)
        assert Stop.objects.get().until == NOON + 2 * HOUR

        stop(until=NOON + HOUR)
        assert Stop.objects.get().until == NOON + 2 * HOUR

        stop(until=None)
        assert Stop.objects.get().until is None
        assert [event.kind for event in Event.objects.order_by("id")] == ["gates.stop.opened", "gates.stop.extended", "gates.stop.extended"]

    def test_again_after_its_end_is_a_new_one(self, stop, hejian):
        old = stop(until=NOON + HOUR)

        new = stop(at=NOON + 2 * HOUR)

        old.refresh_from_db()
        assert new != old
        assert (old.lifted_at, old.lifted_by, old.lift_reason) == (NOON + 2 * HOUR, None, "past its end")
        assert [event.kind for event in Event.objects.order_by("id")] == ["gates.stop.opened", "gates.stop.lapsed", "gates.stop.opened"]

    @pytest.mark.parametrize("until", [NOON, NOON - HOUR])
    def test_that_ends_before_it_begins_is_refused(self, stop, until):
        with pytest.raises(EndsTooEarly):
            stop(until=until)
        assert not Stop.objects.exists()

    @pytest.mark.parametrize("given", [{"code": ""}, {"because": ""}, {"because": "  "}])
    def test_without_a_reason_is_refused(self, stop, given):
        with pytest.raises(NoReason):
            stop(**given)
        assert not Stop.objects.exists()


class TestLiftingAStop:
    def test_lets_things_move_again(self, stop, hejian, dana):
        opened = stop()

        lift_stop(stop_id=opened.pk, actor=dana, at=NOON + HOUR, reason="retest passed")

        opened.refresh_from_db()
        assert (opened.lifted_at, opened.lifted_by, opened.lift_reason) == (NOON + HOUR, dana, "retest passed")
        assert stop_covering(merchant_id=hejian.pk, at=NOON + HOUR) is None
        event = Event.objects.order_by("-id").first()
        assert (event.kind, event.actor_id, event.reason) == ("gates.stop.lifted", dana.pk, "retest passed")

    @pytest.mark.row("P22.3")
    def test_is_not_for_who_opened_it(self, stop, bea):
        opened = stop(actor=bea)

        with pytest.raises(OwnWork):
            lift_stop(stop_id=opened.pk, actor=bea, at=NOON + HOUR, reason="mistake")
        opened.refresh_from_db()
        assert opened.lifted_at is None

    @pytest.mark.row("P22.3")
    def test_is_not_for_the_stopped_merchant(self, stop, amal):
        opened = stop()

        with pytest.raises(OwnWork):
            lift_stop(stop_id=opened.pk, actor=amal, at=NOON + HOUR, reason="please")

    def test_is_for_the_platform_administrator_who_opened_it_too(self, stop, eve):
        opened = stop(actor=eve)

        assert lift_stop(stop_id=opened.pk, actor=eve, at=NOON + HOUR, reason="mistake").lifted_by == eve

    def test_is_for_a_rule(self, stop):
        opened = stop(actor=None)

        assert lift_stop(stop_id=opened.pk, actor=None, at=NOON + HOUR, reason="rate below the limit").lifted_at == NOON + HOUR

    def test_happens_once(self, stop, dana, dov):
        opened = stop()
        lift_stop(stop_id=opened.pk, actor=dana, at=NOON + HOUR, reason="retest passed")

        with pytest.raises(AlreadyLifted):
            lift_stop(stop_id=opened.pk, actor=dov, at=NOON + HOUR, reason="retest passed")
        assert Event.objects.filter(kind="gates.stop.lifted").count() == 1

    def test_without_a_reason_is_refused(self, stop, dana):
        with pytest.raises(NoReason):
            lift_stop(stop_id=stop().pk, actor=dana, at=NOON + HOUR, reason=" ")


class TestPassingTheGate:
    def test_is_free_where_nothing_is_stopped(self, stop, hejian):
        stop(product_id=5)

        pass_gate(merchant_id=hejian.pk, product_id=6, at=NOON)

    def test_is_refused_with_the_reason(self, stop, hejian):
        stop(product_id=5)

        with pytest.raises(Stopped) as refusal:
            pass_gate(merchant_id=hejian.pk, product_id=5, lot_id=9, at=NOON)
        assert "铅超标" in str(refusal.value)
        assert refusal.value.status == 409

    def test_outside_a_transaction_is_a_mistake(self, committed_db):
        with pytest.raises(RuntimeError, match="must share the transaction"):
            pass_gate(merchant_id=1, at=NOON)


class TestAGateThatIsBeingClosed:
    @pytest.fixture
    def elsewhere(self):
        """Run something in a thread with its own connection; return what it raised."""
        faults: list[BaseException] = []

        def start(work) -> threading.Thread:
            def run() -> None:
                try:
                    work()
                except Exception as fault:  # noqa: BLE001  handed to the test
                    faults.append(fault)
                finally:
                    connections.close_all()

            thread = threading.Thread(target=run)
            thread.start()
            return thread

        return start, faults

    def test_waits_for_who_is_passing(self, committed_db, stop, hejian, elsewhere):
        start, faults = elsewhere
        with transaction.atomic():
            pass_gate(merchant_id=hejian.pk, at=NOON)
            closing = start(lambda: stop())
            wait_until_somebody_waits()
            assert not Stop.objects.exists()
        closing.join()

        assert faults == []
        assert Stop.objects.count() == 1

    def test_lets_nobody_slip_through(self, committed_db, stop, hejian, elsewhere):
        start, faults = elsewhere

        def move() -> None:
            with transaction.atomic():
                pass_gate(merchant_id=hejian.pk, at=NOON)

        with transaction.atomic():
            stop()
            moving = start(move)
            wait_until_somebody_waits()
        moving.join()

        assert [type(fault) for fault in faults] == [Stopped]

    def test_hinders_no_other_merchant(self, committed_db, stop, other_merchant, elsewhere):
        start, faults = elsewhere

        def move() -> None:
            with transaction.atomic():
                pass_gate(merchant_id=other_merchant.pk, at=NOON)

        with transaction.atomic():
            stop()
            start(move).join()

        assert faults == []

    def test_opened_by_eight_at_once_is_one_stop(self, committed_db, stop, elsewhere):
        start, faults = elsewhere
        for thread in [start(lambda: stop()) for _ in range(8)]:
            thread.join()

        assert faults == []
        assert (Stop.objects.count(), Event.objects.filter(kind="gates.stop.opened").count()) == (1, 1)

    @pytest.mark.promise("G5")
    def test_is_opened_again_by_one_of_eight(self, committed_db, stop, dana, elsewhere):
        start, faults = elsewhere
        opened = stop()
        for thread in [start(lambda: lift_stop(stop_id=opened.pk, actor=dana, at=NOON, reason="retest passed")) for _ in range(8)]:
            thread.join()

        assert [type(fault) for fault in faults] == [AlreadyLifted] * 7
        assert Event.objects.filter(kind="gates.stop.lifted").count() == 1
