"""Suspended goods are stopped until somebody else has approved what was changed; the boards show what led there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assurance.gates.queries import stop_covering
from assurance.refusals import OwnWork, WrongState
from assurance.roles import Kind, Role
from qc.inspections.models import ClassSeverity
from qc.quality import actions, queries
from qc.quality.actions import correcting
from qc.quality.models import CorrectiveAction
from qc.quality.tasks import demand_correction
from tests import factories, failures, goods
from tests.factories import NOON
from warehouse.inbound.actions import announcing

if TYPE_CHECKING:
    from django.test import Client

    from assurance.accounts.models import User

WORDS = {"cause": "The seal was too hot.", "plan": "The sealer is calibrated every morning."}


@pytest.fixture
def lena(bo: User) -> User:
    return factories.user(Role.QC_LEAD, bo.organisation)


@pytest.fixture
def suspended(amal: User, wei: User) -> ClassSeverity:
    """Amal's product is suspended in Wei's warehouse."""
    return failures.suspended(goods.enrolled(amal.organisation), wei.organisation)


@pytest.fixture
def demanded(suspended: ClassSeverity) -> CorrectiveAction:
    made = actions.demand(severity_id=suspended.pk, at=NOON)
    assert made is not None
    return made


class TestASuspension:
    def test_stops_the_product_in_that_warehouse_and_demands_an_action_once(self, suspended: ClassSeverity, amal: User, wei: User) -> None:
        demand_correction(severity_id=suspended.pk, after="tightened")
        assert not CorrectiveAction.objects.exists()
        for _ in range(2):
            demand_correction(severity_id=suspended.pk, after="suspended")

        action = CorrectiveAction.objects.get()
        stop = stop_covering(merchant_id=suspended.merchant_id, product_id=suspended.product_id, warehouse_id=suspended.warehouse_id)
        assert (action.state, action.stop, action.stop.code) == ("demanded", stop, "inspection_suspended")
        with pytest.raises(announcing.ProductStopped):
            goods.announced(amal, wei.organisation, goods.line(suspended.product))
        elsewhere = factories.organisation(Kind.WAREHOUSE)
        assert stop_covering(merchant_id=suspended.merchant_id, product_id=suspended.product_id, warehouse_id=elsewhere.pk) is None

    def test_ends_when_somebody_else_approves_and_goes_on_tightened(
        self, demanded: CorrectiveAction, suspended: ClassSeverity, amal: User, lena: User
    ) -> None:
        with pytest.raises(WrongState):
            actions.approve(corrective_action_id=demanded.pk, reason="", actor=lena, at=NOON)
        with pytest.raises(correcting.WordsMissing):
            actions.submit(corrective_action_id=demanded.pk, cause="x", plan=" ", actor=amal, at=NOON)
        actions.submit(corrective_action_id=demanded.pk, actor=amal, at=NOON, **WORDS)
        with pytest.raises(correcting.WordsMissing):
            actions.send_back(corrective_action_id=demanded.pk, reason="", actor=lena, at=NOON)
        actions.send_back(corrective_action_id=demanded.pk, reason="And the night shift?", actor=lena, at=NOON)
        actions.submit(corrective_action_id=demanded.pk, actor=amal, at=NOON, **WORDS)
        with pytest.raises(OwnWork):
            actions.approve(corrective_action_id=demanded.pk, reason="", actor=amal, at=NOON)
        stranger = factories.user(Role.QC_LEAD, factories.organisation(Kind.WAREHOUSE))
        with pytest.raises(correcting.OtherWarehouse):
            actions.approve(corrective_action_id=demanded.pk, reason="", actor=stranger, at=NOON)
        actions.approve(corrective_action_id=demanded.pk, reason="Seen on site.", actor=lena, at=NOON)

        suspended.refresh_from_db()
        demanded.stop.refresh_from_db()
        assert (suspended.severity, demanded.stop.lifted_at) == ("tightened", NOON)
        assert goods.announced(amal, lena.organisation, goods.line(suspended.product)).pk

    def test_is_not_approved_by_its_author_whoever_writes(self, demanded: CorrectiveAction, amal: User) -> None:
        actions.submit(corrective_action_id=demanded.pk, actor=amal, at=NOON, **WORDS)
        with pytest.raises(IntegrityError, match="corrective_approved_by_another"), transaction.atomic():
            CorrectiveAction.objects.filter(pk=demanded.pk).update(state="approved", decided_by=amal, decided_at=NOON)


class TestTheBoards:
    def test_show_severities_with_their_action_the_figures_and_the_curve(
        self, demanded: CorrectiveAction, amal: User, wei: User, bo: User, lena: User, client: Client
    ) -> None:
        row = failures.failed(amal, wei, bo, "leaking", quantity=50, lot="HJ9")
        client.force_login(lena)
        board = client.get(reverse("quality:board")).content.decode()
        assert demanded.code in board
        figures = queries.figures(lena, product=None, at=NOON)
        assert [(one["code"], one["count"], one["share"]) for one in figures.pareto] == [("leaking", row.failing, 1.0)]
        assert [(dot["lot"], dot["fraction"]) for dot in figures.dots] == [("HJ9", 1.0)]
        assert "HJ9" in client.get(reverse("quality:plan", args=[row.source_id])).content.decode()
        assert client.get(reverse("quality:figures")).status_code == 200

    def test_are_asked_in_few_queries_at_any_size(
        self, amal: User, wei: User, bo: User, lena: User, django_assert_max_num_queries: object
    ) -> None:
        for number in range(3):
            failures.failed(amal, wei, bo, quantity=50, lot=f"HQ{number}")
        with django_assert_max_num_queries(3):  # type: ignore[operator]
            assert len(queries.figures(lena, product=None, at=NOON).dots) == 3
