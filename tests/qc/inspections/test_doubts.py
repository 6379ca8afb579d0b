"""An inspection that looks too good is repeated by somebody else, who does not see what was found; only his verdict counts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse

from assurance.refusals import OwnWork
from qc.inspections import actions
from qc.inspections.models import Inspection
from qc.inspections.suspicion import Print, all_pass, fingerprint_of, hurried, reused, rushed
from tests import checks, factories, goods
from tests.doors import Api, browser
from tests.factories import NOON
from warehouse.stock.custody import Custody
from warehouse.stock.queries import balance

if TYPE_CHECKING:
    from assurance.accounts.models import User

pytestmark = pytest.mark.row("A4.3")
LOOK = {"code": "label", "kind": "yes_no", "zh": "标签", "en": "Label", "seconds": 6}
SEAL = {"code": "seal", "kind": "yes_no", "zh": "封签", "en": "Seal", "seconds": 4, "photo": "always"}


class TestTheRules:
    @pytest.mark.parametrize(("took", "is_doubted"), [(0, True), (9.9, True), (10, False), (900, False)])
    def test_doubt_a_checklist_that_was_answered_too_fast(self, took: float, is_doubted: bool) -> None:
        assert bool(hurried(took=took, needed=10)) == is_doubted

    @pytest.mark.parametrize(
        ("units", "apart", "is_doubted"), [(20, 0.9, True), (19, 0.1, False), (20, 1.0, False), (200, 0.0, False), (80, 3.0, False)]
    )
    def test_doubt_units_that_were_recorded_faster_than_hands_are(self, units: int, apart: float, is_doubted: bool) -> None:
        assert bool(rushed(NOON + timedelta(seconds=apart * n) for n in range(units))) == is_doubted

    @pytest.mark.parametrize(
        ("run", "others", "clean", "is_doubted"),
        [(43, 0, 0, False), (44, 0, 0, True), (9, 100, 10, False), (10, 100, 50, True), (90, 100, 100, False), (14, 19, 0, False)],
    )
    def test_doubt_a_streak_that_is_unlikely(self, run: int, others: int, clean: int, is_doubted: bool) -> None:
        assert bool(all_pass(run=run, others=others, others_clean=clean)) == is_doubted

    def test_know_a_picture_again(self) -> None:
        def rows(shift: int) -> list[list[int]]:
            return [[(x * 37 + y * 59) % 200 + shift for x in range(9)] for y in range(8)]

        one, brighter = fingerprint_of(rows(0)), fingerprint_of(rows(20))
        other = fingerprint_of([[(x * 53 + y * 31) % 200 for x in range(9)] for y in range(8)])
        assert (one == brighter, fingerprint_of([[7] * 9] * 8)) == (True, None)
        assert reused([Print("a", one, "QC-2")], [Print("b", brighter, "QC-1")])
        assert reused([Print("a", None, "QC-2")], [Print("a", None, "QC-1")])
        assert reused([Print("a", one, "QC-2")], [Print("b", other, "QC-1"), Print("c", None, "QC-1")]) is None


@pytest.fixture
def opened(amal: User, wei: User) -> Inspection:
    goods.catalogue()
    product = goods.enrolled(amal.organisation)
    goods.ask(LOOK, SEAL, product_id=product.pk, version="p")
    return actions.open_inspection(lot_id=goods.lot(amal, wei, product=product, quantity=20).pk, actor=None, at=NOON)


def inspect(found: Inspection, actor: User, *, seconds: int = 60, photo: int = 0, **answers: Any) -> Inspection:
    """Claim it, answer everything so many seconds later, and find the sample without a flaw."""
    at = NOON + timedelta(seconds=seconds)
    actions.claim(inspection_id=found.pk, actor=actor, at=NOON)
    photos = {"seal": [photo or checks.picture(actor).pk]}
    actions.answer_points(inspection_id=found.pk, answers={"label": True, "seal": True} | answers, photos=photos, actor=actor, at=at)
    if not Inspection.objects.get(pk=found.pk).is_decided:
        units = [actions.FoundUnit(n, is_conforming=True) for n in range(1, found.sample_size + 1)]
        actions.record_units(inspection_id=found.pk, units=units, actor=actor, at=at)
    return Inspection.objects.get(pk=found.pk)


class TestAHurriedInspection:
    def test_waits_for_another_inspector_who_sees_nothing_of_it(self, opened: Inspection, bo: User, bea: User) -> None:
        doubted = inspect(opened, bo, seconds=9)

        again = Inspection.objects.get(repeats=doubted)
        assert (doubted.state, doubted.decided_at, doubted.clearance) == ("doubted", None, None)
        assert doubted.doubt_words == ["The checklist was answered in 9 seconds; a careful look takes 10."]
        assert (balance(opened.lot, Custody.PENDING), balance(opened.lot, Custody.RELEASED)) == (20, 0)
        assert (again.state, again.tranche, again.lot_size, again.plan) == ("open", 1, 20, doubted.plan)
        assert again.commitment != doubted.commitment
        with pytest.raises(OwnWork):
            actions.claim(inspection_id=again.pk, actor=bo, at=NOON)
        carl = factories.user(bo.role, bo.organisation)
        assert Api(carl).get(f"/inspections/{doubted.pk}/").json()["units"] == []
        page = browser(carl).get(reverse("inspections:show", args=[doubted.pk])).content.decode()
        assert ("hidden until the repetition is decided" in page, "answered in 9 seconds" in page) == (True, False)
        assert "answered in 9 seconds" in browser(bea).get(reverse("inspections:show", args=[doubted.pk])).content.decode()

        decided = inspect(again, carl, seconds=1)

        assert (decided.state, balance(opened.lot, Custody.RELEASED)) == ("accepted", 20)
        assert len(Api(carl).get(f"/inspections/{doubted.pk}/").json()["units"]) == doubted.sample_size

    def test_is_seen_by_its_units_too(self, amal: User, wei: User, bo: User) -> None:
        goods.catalogue()
        found = goods.inspection(amal, wei, quantity=400)
        actions.claim(inspection_id=found.pk, actor=bo, at=NOON)
        for n in range(1, found.sample_size + 1):
            unit, at = actions.FoundUnit(n, is_conforming=True), NOON + timedelta(seconds=300 + 0.4 * n)
            actions.record_units(inspection_id=found.pk, units=[unit], actor=bo, at=at)

        found.refresh_from_db()
        took = int(0.4 * (found.sample_size - 1))
        assert (found.state, found.doubt_words) == (
            "doubted",
            [f"{found.sample_size} units were recorded one by one within {took} seconds."],
        )

    def test_counts_only_the_second_verdict(self, opened: Inspection, bo: User, bea: User) -> None:
        doubted = inspect(opened, bo, seconds=9)

        decided = inspect(Inspection.objects.get(repeats=doubted), bea, label=False)

        assert (decided.state, balance(opened.lot, Custody.HELD)) == ("rejected", 20)

    def test_is_not_doubted_when_it_rejects(self, opened: Inspection, bo: User) -> None:
        assert inspect(opened, bo, seconds=0, label=False).state == "rejected"

    def test_is_repeated_by_nobody_who_did_it_whoever_writes(self, opened: Inspection, bo: User) -> None:
        again = Inspection.objects.get(repeats=inspect(opened, bo, seconds=9))

        with pytest.raises(IntegrityError, match="nobody repeats"), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE qc_inspection SET state = 'claimed', inspector_id = %s, claimed_at = now() WHERE id = %s", [bo.pk, again.pk]
            )


class TestAPhotograph:
    def test_that_was_taken_for_another_inspection_is_known_again(self, opened: Inspection, amal: User, wei: User, bo: User) -> None:
        taken = checks.picture(bo).pk
        assert inspect(opened, bo, photo=taken).state == "accepted"
        lot = goods.lot(amal, wei, product=opened.product, lot="NEXT", quantity=20)

        doubted = inspect(actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON), bo, photo=taken)

        assert (doubted.state, doubted.doubt_words) == ("doubted", [f"A photo was taken before, for inspection {opened.code}."])


class TestAStreak:
    def test_without_any_finding_is_looked_into_and_begins_anew(
        self, amal: User, wei: User, bo: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("qc.inspections.suspicion.SHORTEST_STREAK", 2)
        monkeypatch.setattr("qc.inspections.suspicion.SHARE_UNKNOWN", 0.05)
        product = goods.enrolled(amal.organisation)

        states = [goods.accepted(amal, wei, bo, product=product, lot=f"L{n}", quantity=20).state for n in range(3)]

        assert states == ["accepted", "doubted", "accepted"]
