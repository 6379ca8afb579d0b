"""A parcel that weighs what it should not stays until somebody else has looked; pictures of packing stay for their time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assurance.files import vault
from assurance.files.actions import sweep
from assurance.files.models import StoredFile
from assurance.refusals import OwnWork, WrongState
from tests import checks, factories, goods, orders
from tests.doors import Api
from tests.factories import NOON
from warehouse.orders import actions
from warehouse.orders.actions import Accepting, Packing, Step, Weighing
from warehouse.orders.actions.recording import DISPUTE_DAYS, NothingToKeep
from warehouse.orders.actions.weighing import AlreadyWeighed, WeightInOrder, WeightStops
from warehouse.orders.models import PackingRecord, Parcel, WeightDeviation
from warehouse.orders.queries import scans_of

if TYPE_CHECKING:
    from django.test import Client

    from assurance.accounts.models import User
    from assurance.products.models import Product

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def product(amal: User, wei: User) -> Product:
    """100 g a unit with its pack."""
    made = goods.enrolled(amal.organisation, gross_weight_g=100)
    return orders.stocked(amal, wei, quantity=50, product=made).product


class TestAWeight:
    @pytest.mark.row("P7.3")
    def test_that_cannot_be_stops_its_parcel_until_somebody_else_accepts_it(self, product: Product, eve: User, wei: User) -> None:
        parcel = orders.picked(eve, wei, (product, 2))
        parcel = actions.pack([Packing(parcel.pk, scans_of([parcel.pk])[parcel.pk], measured_weight_g=169)], actor=wei, at=NOON)[0]
        found = WeightDeviation.objects.get()
        assert (found.expected_g, found.lowest_g, found.highest_g, found.measured_g, found.rule) == (200, 170, 470, 169, "2026-11")

        with pytest.raises(WeightStops):
            orders.checked(parcel)
        with pytest.raises(OwnWork):
            actions.accept_weights([Accepting(parcel.pk, "looks fine")], actor=wei, at=NOON)
        other = factories.user(wei.role, wei.organisation)
        actions.accept_weights([Accepting(parcel.pk, "scale was off", 210)], actor=other, at=NOON)

        found.refresh_from_db()
        checked = orders.checked(parcel, tranche=2)
        assert (found.state, found.resolved_by, found.reason) == ("accepted", other, "scale was off")
        assert (checked.state, checked.measured_weight_g) == ("checked", 210)
        with pytest.raises(WrongState):
            actions.accept_weights([Accepting(parcel.pk, "again")], actor=other, at=NOON)

    @pytest.mark.row("P7.3")
    def test_stops_whoever_writes(self, product: Product, eve: User, wei: User) -> None:
        parcel = orders.too_heavy(eve, wei, (product, 2))
        clearance = orders.judge([parcel])[0]
        carries = {"clearance": clearance, "clearance_kind": "parcel", "clearance_verdict": "released"}

        with pytest.raises(IntegrityError, match="weighs what it should not"), transaction.atomic():
            Parcel.objects.filter(pk=parcel.pk).update(state="checked", **carries)
        with pytest.raises(IntegrityError, match="weight_accepted_by_another"), transaction.atomic():
            WeightDeviation.objects.update(state="accepted", resolved_by=wei, resolved_at=NOON, reason="mine")

    def test_is_taken_anew_when_the_parcel_is_opened(self, product: Product, eve: User, wei: User) -> None:
        parcel = orders.too_heavy(eve, wei, (product, 2))
        with pytest.raises(AlreadyWeighed):
            actions.weigh([Weighing(parcel.pk, 300)], actor=wei, at=NOON)

        actions.unpack([Step(parcel.pk)], reason="one too many", actor=wei, at=NOON)
        orders.pack_all([parcel], wei)

        assert WeightDeviation.objects.get().state == "repacked"
        with pytest.raises(WeightInOrder):
            actions.accept_weights([Accepting(parcel.pk, "why not")], actor=factories.user(wei.role, wei.organisation), at=NOON)
        assert orders.checked(parcel).state == "checked"

    @pytest.mark.row("P7.3")
    def test_is_asked_for_after_the_last_scan_has_closed_the_parcel_which_stays_open_for_its_check(
        self, product: Product, eve: User, wei: User, client: Client
    ) -> None:
        parcel = orders.picked(eve, wei, (product, 2))
        lot = parcel.allocations.get().lot
        client.force_login(wei)
        here = reverse("orders:pack", args=[parcel.pk])
        label = f"01{product.gtin.zfill(14)}10{lot.number}"
        first = client.post(here, {"code": label}, **HTMX).content.decode()
        last = client.post(here, {"held": product.gtin, "code": lot.number}, **HTMX).content.decode()

        printing = reverse("dispatch:print", args=[parcel.pk])
        assert (printing in first, printing in last, "measured_weight_g" in last) == (False, False, True)
        heavy = client.post(reverse("orders:seal", args=[parcel.pk]), {"measured_weight_g": "900"}, **HTMX)
        assert '{"ok": false}' in heavy.headers["HX-Trigger"]
        assert "900 g" in heavy.content.decode()
        shown = Api(wei).get(f"/parcels/{parcel.pk}/").json()["weight_stops"]
        assert [one["measured_g"] for one in shown] == [900]
        other = factories.user(wei.role, wei.organisation)
        assert Api(other).post(f"/parcels/{parcel.pk}/accept-weight/", {"reason": "a wooden box"}).json()["weight_stops"] == []


class TestAPackingRecord:
    @pytest.mark.row("P7.5")
    def test_is_kept_for_the_dispute_period_and_let_go_after_it(self, product: Product, eve: User, amal: User, wei: User) -> None:
        parcel = orders.packed(eve, wei, (product, 2))
        photo = checks.picture(wei)
        kept = actions.record_packing(parcel_id=parcel.pk, photo_ids=[photo.pk], video_reference="camera 3, 14:05", actor=wei, at=NOON)
        assert actions.record_packing(parcel_id=parcel.pk, photo_ids=[photo.pk], actor=wei, at=NOON) == []
        assert {one.kept_until_date for one in kept} == {NOON.date() + timedelta(days=DISPUTE_DAYS)}
        assert StoredFile.objects.visible_to(amal).filter(pk=photo.pk).exists()

        left = actions.ship([Step(orders.checked(parcel).pk, NOON + timedelta(days=9))], actor=wei, at=NOON)[0]
        until = NOON.date() + timedelta(days=9 + DISPUTE_DAYS)
        assert set(left.packing_records.values_list("kept_until_date", flat=True)) == {until}
        with pytest.raises(WrongState):
            actions.record_packing(parcel_id=parcel.pk, video_reference="too late", actor=wei, at=NOON)

        assert actions.let_go(today=until, at=NOON) == 0
        with pytest.raises(IntegrityError, match="is kept until"), transaction.atomic():
            PackingRecord.objects.all().delete()
        with pytest.raises(IntegrityError, match="is kept until"), transaction.atomic():
            PackingRecord.objects.update(kept_until_date=NOON.date())

    @pytest.mark.row("P7.5")
    def test_goes_with_its_picture_unless_somebody_needs_that(self, product: Product, eve: User, wei: User) -> None:
        long_ago = datetime(2025, 1, 7, 4, tzinfo=UTC)
        parcel = orders.packed(eve, wei, (product, 2))
        needed, other = checks.picture(wei), checks.picture(wei)
        actions.record_packing(parcel_id=parcel.pk, photo_ids=[needed.pk, other.pk], actor=wei, at=long_ago)
        needed_by = orders.packed(eve, wei, (product, 1))
        actions.record_packing(parcel_id=needed_by.pk, photo_ids=[needed.pk], actor=wei, at=timezone.now())

        assert actions.let_go(today=timezone.localdate(), at=timezone.now()) == 2
        sweep()

        assert list(StoredFile.objects.filter(pk__in=[needed.pk, other.pk])) == [needed]
        assert (vault.place(needed.sha256).exists(), vault.place(other.sha256).exists()) == (True, False)

    def test_is_something(self, product: Product, eve: User, wei: User) -> None:
        with pytest.raises(NothingToKeep):
            actions.record_packing(parcel_id=orders.packed(eve, wei, (product, 1)).pk, actor=wei, at=NOON)
