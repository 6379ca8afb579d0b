"""What failed, its boards and its pictures: readable at every width, without a word on the console."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from assurance.roles import Role
from tests import factories, failures, goods
from tests.enrolments import load_categories
from tests.harness.browser import barriers
from tests.warehouse.test_in_a_browser import Look, look

if TYPE_CHECKING:
    from assurance.accounts.models import User

__all__ = ["look"]
pytestmark = pytest.mark.long


class TestThePages:
    @pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.exhaustive)])
    def test_show_decisions_and_draw_the_figures(
        self, look: Look, transactional_db: None, amal: User, wei: User, bo: User, width: int
    ) -> None:
        load_categories()
        lena = factories.user(Role.QC_LEAD, bo.organisation)
        row = failures.failed(amal, wei, bo, quantity=50)
        failures.ask(row, amal, "use_as_is", 10, ends_date=goods.TODAY + timedelta(days=60))
        failures.ask(row, lena, "sort", 20)
        action = failures.demanded(goods.enrolled(amal.organisation), wei.organisation)
        pages = {
            "row": reverse("nonconformance:show", args=[row.pk]),
            "list": reverse("nonconformance:list"),
            "board": reverse("quality:board"),
            "figures": reverse("quality:figures"),
            "plan": reverse("quality:plan", args=[row.source_id]),
            "action": reverse("quality:show", args=[action.pk]),
        }
        for name, address in pages.items():
            page = look(lena, address, width=width)
            if name in ("figures", "plan"):
                page.wait_for_selector("[data-chart] canvas")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, width)
            assert barriers(page) == [], (name, width)
            if os.environ.get("PICTURES"):
                page.screenshot(path=f"{os.environ['PICTURES']}/{name}-{width}.png", full_page=True)
