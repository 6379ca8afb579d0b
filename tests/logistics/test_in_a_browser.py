"""Every page of couriers and parcels is readable at every width, in light and dark, in both languages; axe finds nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests import waybills
from tests.factories import NOON
from tests.harness.browser import Window, barriers
from tests.journeys.test_6_to_the_door import checked

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from assurance.accounts.models import Organisation, User

pytestmark = pytest.mark.long


@pytest.fixture
def paths(amal: User, wei: User, kai: User, other_agent: User, shunda: Organisation, eve: User) -> list[tuple[User, str]]:
    """A parcel without a courier, one with a waybill, one in trouble; a service."""
    parcel = checked(amal, wei, shunda, other_agent.organisation)
    product = parcel.items.get().product
    [booked] = waybills.booked(wei, waybills.checked(amal, wei, product))
    [troubled] = waybills.on_the_way(amal, wei, product)
    waybills.tell(kai, waybills.happened(troubled, "problem", NOON + timedelta(hours=9), reason="damaged", place="杭州"))
    return [
        (wei, reverse("dispatch:desk")),
        (wei, reverse("dispatch:hand-over")),
        (wei, reverse("tracking:show", args=[booked.pk])),
        (amal, reverse("tracking:show", args=[troubled.pk])),
        (kai, reverse("tracking:list")),
        (kai, reverse("tracking:scan")),
        (kai, "/"),
        (eve, reverse("couriers:list")),
        (eve, reverse("couriers:show", args=[booked.service_id])),
        (eve, reverse("couriers:create")),
    ]


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [
        (390, "dark", "zh-hans"),
        pytest.param(1280, "light", "zh-hans", marks=pytest.mark.exhaustive),
        pytest.param(360, "light", "en", marks=pytest.mark.exhaustive),
    ],
)
def test_every_page_is_readable(
    browser: Browser, live_server: Any, paths: list[tuple[User, str]], width: int, theme: str, language: str
) -> None:
    window = Window(browser, live_server.url, width=width, theme=theme, language=language)
    for person, path in paths:
        page = window.show(person, path)
        assert (path, window.too_wide(width), barriers(page)) == (path, [], [])
    window.close()
