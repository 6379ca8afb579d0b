"""An inspection asks the points of its checklist besides the sample; nothing is accepted before all of them are in order."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from assurance.events.models import Event
from assurance.evidence.models import EvidenceEntry
from assurance.files.models import StoredFile
from assurance.reference import newest
from qc.checks.actions.judged import AnswerUnclear, NoSuchPhoto, NoSuchPoint, PhotoMissing, PointUnanswered
from qc.checks.checkpoints import AnswerKind, Checkpoint, in_order
from qc.inspections import actions
from qc.inspections.actions.claiming import AlreadyClaimed
from qc.inspections.actions.opening import NoCatalogue
from qc.inspections.actions.recording import NoSuchPicture
from qc.inspections.models import BenchPhoto, ClassSeverity, Inspection, PointsAnswered
from qc.nonconformance.models import NonConformance
from tests import checks, goods
from tests.doors import Api, browser
from tests.factories import NOON
from warehouse.stock.actions import Moving, move_all
from warehouse.stock.custody import Custody
from warehouse.stock.queries import balance

if TYPE_CHECKING:
    from assurance.accounts.models import User

BOX = {"code": "box", "kind": "choice", "zh": "箱", "en": "Box", "photo": "on_failure", "defect_class": "minor"}
BOX["options"] = [  # type: ignore[assignment]
    {"code": "intact", "zh": "好", "en": "Intact", "is_fine": True},
    {"code": "torn", "zh": "破", "en": "Torn", "is_fine": False},
]
POINTS: tuple[dict[str, Any], ...] = (
    {"code": "right", "kind": "yes_no", "zh": "对", "en": "Right goods", "defect_class": "critical"},
    BOX,
    {"code": "weight", "kind": "number", "zh": "重", "en": "Weight", "lowest": "95", "highest": "105", "unit": "g"},
    {"code": "expiry", "kind": "date", "zh": "期", "en": "Expiry date"},
    {"code": "licence", "kind": "text", "zh": "证", "en": "Licence", "pattern": "SC\\d{14}", "example": "SC12345678901234"},
    {"code": "ccc", "kind": "photo", "zh": "3C", "en": "CCC mark"},
)


@pytest.fixture
def claimed(amal: User, wei: User, bo: User) -> Inspection:
    goods.catalogue()
    product = goods.enrolled(amal.organisation)
    goods.ask(*POINTS, product_id=product.pk, version="p")
    lot = goods.lot(amal, wei, product=product, quantity=20)
    found = actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON)
    return actions.claim(inspection_id=found.pk, actor=bo, at=NOON)


def fine(bo: User, **other: Any) -> dict[str, Any]:
    answers = {"right": True, "box": "intact", "weight": "100.5", "expiry": goods.EXPIRES.isoformat(), "licence": "SC10637010500123"}
    return {"answers": answers | {"ccc": True} | other, "photos": {"ccc": [checks.picture(bo).pk]}}


def answer(inspection: Inspection, actor: User, given: dict[str, Any]) -> actions.Recorded:
    return actions.answer_points(inspection_id=inspection.pk, actor=actor, at=NOON, **given)


def sample(inspection: Inspection, bo: User) -> actions.Recorded:
    return goods.record(inspection, bo, range(1, inspection.sample_size + 1))


class TestALabelStandard:
    def test_binds_what_was_made_since_it_is_in_force(self) -> None:
        [told] = [
            one["checkpoints"] for one in newest("checklists")["checklists"] if (one["stage"], one["category"]) == ("inbound", "food")
        ]
        points = [Checkpoint.from_dict(one) for one in told]
        asked = [{point.code for point in points if point.is_asked_of(date(2027, 3, day))} for day in (15, 16)]

        assert (asked[1] - asked[0], asked[0] - asked[1]) == ({"gb7718_allergens", "gb7718_expiry"}, set())

    def test_is_asked_by_the_day_of_production_and_names_what_fails(self, amal: User, wei: User, bo: User) -> None:
        goods.catalogue()
        product = goods.enrolled(amal.organisation)
        until, since = [{"kind": "yes_no", "zh": code, "en": code, "code": code} for code in ("until", "since")]
        goods.ask(until | {"made_before": "2026-11-06"}, since | {"made_from": "2026-11-06"}, product_id=product.pk, version="p")
        found = []
        for made in (date(2026, 11, 5), date(2026, 11, 6)):
            lot = goods.lot(amal, wei, product=product, lot=f"{made}", produced_date=made, quantity=20)
            found.append(actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON))

        assert [[point.code for point in one.points] for one in found] == [["until"], ["since"]]
        actions.claim(inspection_id=found[1].pk, actor=bo, at=NOON)
        with pytest.raises(NoSuchPoint):
            actions.answer_points(inspection_id=found[1].pk, answers={"until": True, "since": True}, actor=bo, at=NOON)
        told = actions.answer_points(inspection_id=found[1].pk, answers={"since": False}, actor=bo, at=NOON)
        assert (told.inspection.state, [one["name"] for one in NonConformance.objects.get().found]) == ("rejected", ["since"])


class TestTheChecklist:
    @pytest.mark.row("P4.9")
    def test_is_the_products_own_before_its_categorys_before_everybodys(self, amal: User, wei: User) -> None:
        goods.catalogue()
        goods.ask(POINTS[0], version="c", category="cosmetics")
        own, other = (goods.enrolled(amal.organisation) for _ in range(2))
        plain = goods.enrolled(amal.organisation, category=goods.category("tools", parent=None))
        goods.ask(*POINTS[:2], version="o", product_id=own.pk)

        opened = [
            actions.open_inspection(lot_id=goods.lot(amal, wei, product=one, lot=f"L{n}", quantity=20).pk, actor=None, at=NOON)
            for n, one in enumerate((own, other, plain))
        ]

        kept = [(one.checklist.version, one.checklist.category, len(one.checklist.points)) for one in opened if one.checklist]
        assert kept == [("o", "", 2), ("c", "cosmetics", 1), ("t", "", 0)]
        goods.ask(*POINTS, version="o2", product_id=own.pk, from_date="2016-02-01")
        assert Inspection.objects.get(pk=opened[0].pk).checklist == opened[0].checklist

    def test_must_be_loaded(self, amal: User, wei: User) -> None:
        """Peers' bug 7: no setting, and no missing setting, lets goods pass unchecked."""
        lot = goods.lot(amal, wei, quantity=20)
        with pytest.raises(NoCatalogue):
            actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON)

        assert (balance(lot, Custody.PENDING), balance(lot, Custody.RELEASED)) == (20, 0)

    def test_that_we_ship_can_be_answered_and_names_labels_and_marks(self) -> None:
        shipped = [told for told in newest("checklists")["checklists"] if told["stage"] == "inbound"]
        codes = {told["category"]: {point["code"] for point in told["checkpoints"]} for told in shipped}

        assert set(codes) == {"", "food", "textile", "appliance", "cosmetics"}
        assert all({"right_item", "outer_packaging", "expiry_date", "anti_fake", "weight"} <= some for some in codes.values())
        assert "gb7718_dates" in codes["food"]
        assert "gb5296_safety" in codes["textile"]
        assert "ccc_mark" in codes["appliance"]
        for told in shipped:
            points = [Checkpoint.from_dict(point) for point in told["checkpoints"]]
            assert set(in_order(points, expiry=goods.EXPIRES)) == codes[told["category"]]
            assert all(point.seconds for point in points)


@pytest.mark.row("P4.2")
class TestAnswering:
    def test_comes_before_the_release(self, claimed: Inspection, bo: User) -> None:
        waiting = sample(claimed, bo)
        assert (waiting.decision.verdict, waiting.decision.because) == (
            "undecided",
            "The sample is inspected; the 6 points of the checklist are not answered yet.",
        )

        decided = answer(claimed, bo, fine(bo)).inspection

        assert (decided.state, balance(claimed.lot, Custody.RELEASED)) == ("accepted", 20)
        kept = PointsAnswered.objects.get()
        assert (kept.failing, kept.answered_by, kept.answers["weight"]) == ([], bo, "100.5")
        assert Event.objects.filter(kind="qc.inspection.points_answered").count() == 1

    @pytest.mark.row("P4.6")
    @pytest.mark.parametrize(
        ("point", "value", "defect_class", "because"),
        [
            ("right", False, "critical", "Not fulfilled."),
            ("weight", "94.99", "major", "94.99 is below 95."),
            ("weight", "105.01", "major", "105.01 is above 105."),
            ("expiry", "2029-11-05", "major", "2029-11-05 is printed, the lot expires on 2029-11-04."),
            ("licence", "SC1", "major", "“SC1” is not what must be printed there."),
        ],
    )
    def test_rejects_the_lot_by_a_point_that_is_not_in_order(
        self, claimed: Inspection, bo: User, point: str, value: object, defect_class: str, because: str
    ) -> None:
        """Peers' bugs 1 and 2: what is answered is read, and limits are the right way round."""
        decided = answer(claimed, bo, fine(bo, **{point: value})).inspection

        assert (decided.state, balance(claimed.lot, Custody.HELD), balance(claimed.lot, Custody.RELEASED)) == ("rejected", 20, 0)
        assert decided.reason == "Not in order: 1 of 6 points of the checklist. They concern every unit of the lot."
        (told,) = PointsAnswered.objects.get().failing
        assert (told["point"], told["class"], told["message"] % told["params"]) == (point, defect_class, because)
        says = EvidenceEntry.objects.get(kind="inspection_verdict").says
        assert [one["verdict"] for one in says["classes"] if one["class"] == defect_class] == ["reject"]
        severity = ClassSeverity.objects.get(defect_class="major")
        assert severity.standing["outcomes"] == ([[str(decided.pk), False]] if defect_class == "major" else [])

    def test_takes_limits_for_fine(self, claimed: Inspection, bo: User) -> None:
        assert answer(claimed, bo, fine(bo, weight="95")).decision.verdict == "undecided"
        assert answer(claimed, bo, fine(bo, weight="105.0")).decision.verdict == "undecided"

    @pytest.mark.parametrize(
        ("other", "refusal"),
        [
            ({"right": None}, PointUnanswered),
            ({"right": "yes"}, AnswerUnclear),
            ({"box": "Intact"}, AnswerUnclear),
            ({"weight": "heavy"}, AnswerUnclear),
            ({"licence": "  "}, AnswerUnclear),
            ({"colour": "red"}, NoSuchPoint),
        ],
    )
    def test_takes_nothing_for_granted(self, claimed: Inspection, bo: User, other: dict[str, Any], refusal: type[Exception]) -> None:
        """Peers' bug 6: a choice is picked by its code; no other spelling rejects a lot, it is refused itself."""
        with pytest.raises(refusal):
            answer(claimed, bo, fine(bo, **other))

        assert (PointsAnswered.objects.count(), Inspection.objects.get().state) == (0, "claimed")

    @pytest.mark.row("P4.3")
    def test_needs_the_photographs_that_are_asked_for(self, claimed: Inspection, bo: User, amal: User) -> None:
        with pytest.raises(PhotoMissing):
            answer(claimed, bo, fine(bo) | {"photos": {}})
        with pytest.raises(PhotoMissing):
            answer(claimed, bo, fine(bo, box="torn"))
        with pytest.raises(NoSuchPhoto):
            answer(claimed, bo, fine(bo) | {"photos": {"ccc": [checks.picture(amal).pk]}})
        assert BenchPhoto.objects.count() == 0

        answer(claimed, bo, fine(bo))

        photo = BenchPhoto.objects.get()
        assert (photo.checkpoint, photo.taken_by) == ("ccc", bo)
        assert StoredFile.objects.visible_to(amal).filter(pk=photo.file_id).exists()

    def test_can_be_put_right_until_the_verdict(self, claimed: Inspection, bo: User) -> None:
        answer(claimed, bo, fine(bo, weight="96"))
        answer(claimed, bo, fine(bo, weight="97"))

        assert list(PointsAnswered.objects.order_by("attempt").values_list("attempt", "answers__weight")) == [(1, "96"), (2, "97")]

    @pytest.mark.row("P4.8")
    def test_is_for_the_one_who_inspects(self, claimed: Inspection, bea: User) -> None:
        with pytest.raises(AlreadyClaimed):
            answer(claimed, bea, fine(bea))


class TestThePage:
    def test_asks_every_point_first_and_goes_on_to_the_units(self, claimed: Inspection, bo: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
        actions.give_back(inspection_id=claimed.pk, actor=bo, at=NOON)
        page, here = browser(bo), reverse("inspections:points", args=[claimed.pk])
        assert page.post(reverse("inspections:claim", args=[claimed.pk])).url == here
        text = page.get(here).content.decode()
        assert ("6 points of the lot" in text, " checked" in text) == (True, False)
        given = {f"a-{code}": {True: "yes", False: "no"}.get(value, value) for code, value in fine(bo)["answers"].items()}

        missing = page.post(here, given | {"p-ccc": []})
        assert (missing.status_code, "needs a photo" in missing.content.decode()) == (422, True)
        done = page.post(here, given | {"k-ccc": str(checks.picture(bo).pk)})

        assert (done.status_code, done.url) == (302, reverse("inspections:work", args=[claimed.pk]))
        bench = page.get(done.url).content.decode()
        assert "Checklist: answered" in bench
        assert "SC10637010500123" in page.get(reverse("inspections:show", args=[claimed.pk])).content.decode()

    def test_says_the_same_by_the_api(self, claimed: Inspection, bo: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
        api, given = Api(bo), fine(bo, weight="90")
        given["photos"] = [{"point": "ccc", "files": given["photos"]["ccc"]}]
        there = f"/inspections/{claimed.pk}/answer-points/"

        refused = api.post(there, {"answers": {}})
        answered = api.post(there, given)

        assert (refused.status_code, refused.json()["code"]) == (422, "point_unanswered")
        told = answered.json()
        assert (told["state"], told["failing_points"], told["answers"]["weight"], len(told["points"])) == ("rejected", ["weight"], "90", 6)


class TestAUnitThatFails:
    def test_is_answered_for_and_shown(self, amal: User, wei: User, bo: User) -> None:
        claimed = goods.inspection(amal, wei, quantity=1000)
        actions.claim(inspection_id=claimed.pk, actor=bo, at=NOON)
        taken = checks.picture(bo)
        unit = actions.FoundUnit(1, is_conforming=False, defects=("deformed",), liability="courier", photos=(taken.pk,))
        plain = actions.FoundUnit(2, is_conforming=False, defects=("deformed",))
        actions.record_units(inspection_id=claimed.pk, units=[unit], actor=bo, at=NOON)

        row = claimed.units.get()
        assert (row.liability, row.photos.get().file_id) == ("courier", taken.pk)
        assert StoredFile.objects.visible_to(amal).filter(pk=taken.pk).exists()
        strange = actions.FoundUnit(2, is_conforming=False, defects=("deformed",), photos=(checks.picture(amal).pk,))
        with pytest.raises(NoSuchPicture):
            actions.record_units(inspection_id=claimed.pk, units=[strange], actor=bo, at=NOON)
        actions.record_units(inspection_id=claimed.pk, units=[plain], actor=bo, at=NOON)
        assert claimed.units.get(number=2).liability == "merchant"


@pytest.mark.row("P4.6")
class TestAReleaseWithoutVerdict:
    def test_is_refused_by_page_api_action_and_whoever_writes(self, claimed: Inspection, bo: User, bea: User) -> None:
        """Peers' bugs 5 and 20: no door takes a verdict, not even the lead's, and nothing changes by trying."""
        sample(claimed, bo)
        page, show = browser(bea), reverse("inspections:show", args=[claimed.pk])
        there = f"/inspections/{claimed.pk}"
        typed = {"state": "accepted", "verdict": "accept"}
        moving = Moving(
            lot=claimed.lot, source=Custody.PENDING, target=Custody.RELEASED, quantity=20, because="accepted", reference="by hand", at=NOON
        )

        answers = [
            page.post(show, typed).status_code,
            page.post(reverse("inspections:points", args=[claimed.pk]), typed).status_code,
            Api(bea).patch(f"{there}/", typed).status_code,
            Api(bo).post(f"{there}/answer-points/", fine(bo) | {"photos": []} | typed).status_code,
            Api(bo).post(f"{there}/record-units/", {"units": []} | typed).status_code,
        ]
        with pytest.raises(Exception, match="clearance|release"), transaction.atomic():
            move_all([moving], actor=bea, at=NOON)

        assert (answers, Inspection.objects.get().state) == ([405, 302, 405, 400, 400], "claimed")
        assert (balance(claimed.lot, Custody.PENDING), balance(claimed.lot, Custody.RELEASED)) == (20, 0)


@pytest.mark.row("P4.6")
class TestTheDatabase:
    def test_accepts_nothing_before_the_points_are_in_order(self, claimed: Inspection, bo: User) -> None:
        sample(claimed, bo)

        with pytest.raises(IntegrityError, match="every point of its checklist"), connection.cursor() as cursor:
            cursor.execute("UPDATE qc_inspection SET state = 'accepted'")

    def test_takes_answers_from_the_inspector_alone(self, claimed: Inspection, bea: User) -> None:
        sides = {"merchant_id": claimed.merchant_id, "warehouse_id": claimed.warehouse_id}
        with pytest.raises(IntegrityError, match="by whoever inspects"):
            PointsAnswered.objects.create(inspection=claimed, attempt=1, answers={}, answered_by=bea, answered_at=NOON, **sides)


def test_every_kind_of_answer_is_tried_here() -> None:
    assert {point["kind"] for point in POINTS} == set(AnswerKind)
