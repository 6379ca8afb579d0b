"""Every page of cases is readable at every width, in light and dark, in both languages; axe finds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from aftersales.cases import actions
from aftersales.cases.actions import Finished, Said
from aftersales.cases.models import Case, Inquiry
from tests import cases
from tests.harness.browser import Window, barriers
from tests.journeys.test_7_after_sales import REASON, on_the_way

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from assurance.accounts.models import User

pytestmark = pytest.mark.long


@pytest.fixture
def shown(amal: User, wei: User, bo: User, cai: User, rui: User) -> tuple[list[Case], str]:
    """A new case, one that waits, one that is proposed, one that is decided, and a buyer's link to the last."""
    parcel = on_the_way(amal, wei, bo).parcel
    now = timezone.now()
    made = [cases.opened(parcel, cai, at=now) for _ in range(3)]
    token = actions.ask(order_number=parcel.order.number, phone_tail=cases.TAIL, kind="quality", body="管尾漏了。", at=now)
    last = actions.judge_inquiry(inquiry_id=Inquiry.objects.get().pk, at=now)
    assert last is not None
    actions.claim([made[1].pk, made[2].pk, last.pk], actor=cai, at=now)
    cases.asked(made[1], cai, at=now)
    cases.proposed(made[2], cai, reason=REASON, at=now)
    actions.write([Said(last.pk, "请发一张照片。", to_buyer=True)], actor=cai, at=now)
    decision = cases.proposed(last, cai, reason=REASON, outcome="return_refund", at=now)
    actions.decide([decision.pk], actor=rui, at=now)
    actions.finish_remedies([Finished(last.remedies.get(kind="refund").pk, "RF-1")], actor=cai, at=now)
    return [*made, last], token


class TestThePages:
    @pytest.mark.parametrize(
        ("width", "theme", "language"),
        [
            (390, "dark", "zh-hans"),
            pytest.param(1280, "light", "zh-hans", marks=pytest.mark.exhaustive),
            pytest.param(360, "light", "en", marks=pytest.mark.exhaustive),
        ],
    )
    def test_are_readable(
        self,
        browser: Browser,
        live_server: Any,
        shown: Any,
        cai: User,
        rui: User,
        amal: User,
        eve: User,
        width: int,
        theme: str,
        language: str,
    ) -> None:
        (new, waiting, proposed, decided), token = shown

        def show(case: Case) -> str:
            return reverse("cases:show", args=[case.pk])

        pages = [
            (cai, "/"),
            (rui, "/"),
            (cai, reverse("cases:list") + "?tab=desk"),
            (cai, reverse("cases:open")),
            (cai, show(new)),
            (cai, show(waiting)),
            (rui, show(proposed)),
            (cai, show(decided)),
            (amal, reverse("cases:list")),
            (amal, show(waiting)),
            (amal, show(decided)),
            (eve, reverse("signals:list")),
            (eve, reverse("signals:switch", args=["late_parcel"])),
            (None, reverse("cases:ask")),
            (None, reverse("cases:follow", args=[token])),
        ]
        window = Window(browser, live_server.url, width=width, theme=theme, language=language)
        for person, path in pages:
            page = window.show(person, path)
            assert (path, window.too_wide(width), barriers(page)) == (path, [], [])
        window.close()
