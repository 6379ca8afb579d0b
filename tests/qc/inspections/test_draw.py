"""Units are drawn by a seed that is committed to before and revealed after; anybody draws the same again."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assurance.evidence.models import EvidenceEntry
from qc.inspections import actions
from qc.inspections.drawing import commitment_of, is_full_turn, pick_units
from qc.inspections.models import Inspection, InspectionSeed
from qc.inspections.queries import drawn_units
from tests import goods
from tests.doors import Api, browser
from tests.factories import NOON
from tests.qc.inspections.test_severities import Way

if TYPE_CHECKING:
    from assurance.accounts.models import User

SEED = "5f" * 32


@pytest.mark.row("A4.2")
class TestTheDraw:
    def test_gives_the_units_that_the_published_rule_gives(self) -> None:
        assert pick_units(SEED, lot_size=1000, sample_size=5) == [110, 994, 882, 689, 221]

    @given(seed=st.binary(min_size=32, max_size=32), lot_size=st.integers(1, 400), data=st.data())
    def test_picks_units_of_the_lot_each_once(self, seed: bytes, lot_size: int, data: st.DataObject) -> None:
        size = data.draw(st.integers(1, lot_size))

        units = pick_units(seed.hex(), lot_size=lot_size, sample_size=size)

        assert (len(set(units)), min(units) >= 1, max(units) <= lot_size) == (size, True, True)

    @pytest.mark.parametrize("size", [0, 11])
    def test_refuses_a_sample_that_cannot_be(self, size: int) -> None:
        with pytest.raises(ValueError, match="of 10 units"):
            pick_units(SEED, lot_size=10, sample_size=size)


@pytest.mark.row("A4.2")
class TestAnInspection:
    def test_commits_before_and_reveals_after(self, amal: User, wei: User, bo: User) -> None:
        found = goods.inspection(amal, wei)
        seed = InspectionSeed.objects.get().seed
        assert (found.commitment, found.seed) == (commitment_of(seed), "")
        shown = browser(amal).get(reverse("inspections:show", args=[found.pk])).content.decode()
        assert (found.commitment in shown, seed in shown) == (True, False)
        told = Api(amal).get(f"/inspections/{found.pk}/").json()
        assert (told["commitment"], told["seed"], told["drawn"]) == (found.commitment, "", [])
        actions.claim(inspection_id=found.pk, actor=bo, at=NOON)
        units = pick_units(seed, lot_size=1000, sample_size=80)
        assert Api(bo).get(f"/inspections/{found.pk}/").json()["drawn"] == units
        assert f"unit {units[0]} of the lot" in browser(bo).get(reverse("inspections:work", args=[found.pk])).content.decode()

        decided = goods.record(found, bo, range(1, 81)).inspection

        says = EvidenceEntry.objects.get(kind="inspection_verdict").says["draw"]
        assert (decided.seed, says["seed"], says["commitment"], says["units"]) == (seed, seed, found.commitment, units)
        assert drawn_units(decided, amal) == units
        said = StringIO()
        call_command("replay_draw", inspections=[found.pk], stdout=said)
        assert said.getvalue() == f"{found.code}: 80 of 1000 units, as drawn\n"

    def test_has_a_seed_of_its_own_each_time(self, amal: User, wei: User) -> None:
        goods.inspection(amal, wei)
        goods.inspection(amal, wei, lot="B")

        assert Inspection.objects.values("commitment").distinct().count() == 2

    def test_cannot_reveal_another_seed(self, amal: User, wei: User, bo: User) -> None:
        found = goods.inspection(amal, wei, quantity=20)
        with pytest.raises(IntegrityError, match="inspection_reveals_its_seed_last"), connection.cursor() as cursor:
            cursor.execute("UPDATE qc_inspection SET seed = %s", [InspectionSeed.objects.get(inspection=found).seed])

    def test_is_found_out_when_the_record_says_otherwise(self, amal: User, wei: User, bo: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("qc.inspections.actions.concluding.pick_units", lambda *_args, **_kwargs: [1, 2, 3])
        found = goods.accepted(amal, wei, bo)

        with pytest.raises(SystemExit), StringIO() as said:
            call_command("replay_draw", inspections=[found.pk], stdout=said)


@pytest.mark.row("A4.1")
class TestSkipLot:
    def test_inspects_the_smallest_sample_of_two_lots_in_three(
        self, amal: User, wei: User, bo: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        goods.catalogue()
        way = Way(amal, wei, bo, goods.enrolled(amal.organisation))
        way.lot()
        way.force("reduced", authority_agrees=True)
        type(way.major()).objects.update(run=9)
        assert (way.lot(quantity=1000).sample_size, way.major().run) == (32, 10)
        turns = iter([False, True, False])
        monkeypatch.setattr("qc.inspections.actions.opening.is_full_turn", lambda seed: next(turns))

        skipped, full = way.lot(quantity=1000), way.lot(quantity=1000)

        assert [(one.is_skipped, one.sample_size, one.state) for one in (skipped, full)] == [(True, 2, "accepted"), (False, 32, "accepted")]
        rejected = way.lot("leaking", quantity=1000)
        assert (rejected.is_skipped, rejected.state, way.major().severity) == (True, "rejected", "normal")

    def test_turns_by_the_seed_about_one_time_in_three(self) -> None:
        assert sum(is_full_turn(f"{n:064x}") for n in range(3000)) == 1017
