"""The pages of enrolment in a real browser, as the merchant and the reviewer use them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from assurance.enrollment.models import Enrolment
from assurance.enrollment.reasons import Reason
from assurance.products import actions as products
from assurance.products.models import Product
from tests import enrolments
from tests.factories import NOON
from tests.harness.browser import OVER, Window, arrived, barriers, windows

if TYPE_CHECKING:
    pass

WIDTHS = {"desk": 1280, "phone": 390}


@pytest.fixture
def window(browser, live_server):
    with windows(browser, live_server.url) as open_as:
        yield open_as


class TestEnrollingAProduct:
    @pytest.mark.row("A1.1")
    @pytest.mark.parametrize(
        ("language", "go_on", "submit", "width"),
        [
            ("zh-hans", "检查并提交", "提交审核", 390),
            pytest.param("en", "Check and submit", "Submit for review", 1280, marks=pytest.mark.exhaustive),
        ],
    )
    def test_is_one_form_that_asks_what_the_category_wants(self, window, categories, amal, language, go_on, submit, width, tmp_path):
        enrolments.load_agreement()
        photo = tmp_path / "front.jpg"
        photo.write_bytes(enrolments.picture(size=(800, 600)))
        page = window(amal, reverse("enrollment:create"), language=language, width=width)
        page.fill("#id_name", "氨基酸洁面乳")
        page.fill("#id_sku", "HJ-1")
        page.fill("#id_specification", "120 g")
        page.select_option("#id_category", "skincare")
        page.wait_for_selector('[name="attributes.registration"]')
        page.fill("#id_gtin", enrolments.GTIN)
        page.fill("#id_price", "59.90")
        page.set_input_files("#id_picture", photo)

        page.get_by_role("button", name=go_on).click()
        page.wait_for_selector("[data-summary]")
        assert page.locator("[data-summary] li").count() == 5
        assert barriers(page) == []
        for key, value in enrolments.SKINCARE.items():
            page.fill(f'[name="attributes.{key}"]', value)
        page.fill("#id_shelf_life_days", "1095")  # the picture is still chosen
        page.get_by_role("button", name=go_on).click()

        page.wait_for_url(re.compile(r"/enrolments/\d+/check/$"))
        enrolments.prove(Product.objects.get(), amal)
        page.reload()
        arrived(page)
        assert barriers(page) == []
        assert page.evaluate(OVER) <= 0
        page.fill("#id_name", amal.name)
        page.check("#id_accepts")
        page.get_by_role("button", name=submit).click()
        page.wait_for_url(re.compile(r"/enrolments/\d+/$"))
        enrolment = Enrolment.objects.select_related("product__picture").get()
        assert (enrolment.state, enrolment.product.picture.width) == ("submitted", 800)
        assert page.locator("img").first.evaluate("image => image.complete && image.naturalWidth") == 800

    def test_shows_both_versions_in_place_of_the_form(self, window, categories, amal, ann):
        draft = enrolments.draft(amal)
        page = window(amal, reverse("enrollment:edit", args=[draft.pk]))
        products.update(product_id=draft.product_id, values={"name": "安的名字"}, actor=ann, at=NOON)
        page.fill("#id_name", "阿玛的名字")

        page.get_by_role("button", name="Save draft").click()
        page.wait_for_selector("text=Somebody else saved this product")
        assert (page.locator("form.w-form").count(), page.input_value("#id_name")) == (1, "阿玛的名字")
        assert barriers(page) == []
        page.get_by_role("button", name="Save mine").click()
        page.wait_for_selector("text=Saved as a draft.")

        draft.product.refresh_from_db()
        assert draft.product.name == "阿玛的名字"


class TestReviewing:
    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("en", {"claim": "Claim", "object": "Object", "return": "Return for changes", "reason": "Cannot be read"}),
            pytest.param(
                "zh-hans",
                {"claim": "领取", "object": "提出问题", "return": "退回修改", "reason": "看不清"},
                marks=pytest.mark.exhaustive,
            ),
        ],
    )
    def test_gives_reasons_that_the_merchant_sees_at_the_field(self, window, categories, amal, dana, language, words):
        enrolment = enrolments.submitted(amal)
        page = window(dana, reverse("enrollment:review", args=[enrolment.pk]), language=language)
        page.get_by_role("button", name=words["claim"]).click()
        page.get_by_role("button", name=words["return"]).click()
        page.wait_for_selector("[data-summary]")
        row = page.locator("li.w-review", has_text=enrolments.GTIN)
        row.locator("summary").click()
        row.locator("select").select_option("unreadable")
        row.locator("input").fill("照片模糊")
        assert barriers(page) == []
        page.get_by_role("button", name=words["return"]).click()
        page.wait_for_url("**/enrolments/review/")

        merchant = window(amal, reverse("enrollment:edit", args=[enrolment.pk]), language=language)
        beside = merchant.locator(".w-field", has=merchant.locator("#id_gtin")).locator(".w-error")
        assert words["reason"] in beside.inner_text()
        assert "照片模糊" in beside.inner_text()


class TestEveryPage:
    @pytest.mark.parametrize(
        ("width", "theme", "language"), [(390, "dark", "en"), pytest.param(1280, "light", "zh-hans", marks=pytest.mark.exhaustive)]
    )
    def test_is_accessible_and_fits(self, browser, live_server, categories, amal, dana, width, theme, language):
        returned = enrolments.returned(amal, dana, Reason("gtin", "contradiction", "包装上是另一个条码"), Reason("picture", "missing"))
        mine = enrolments.claimed(amal, dana)
        pages = [
            (amal, reverse("products:list")),
            (amal, reverse("products:show", args=[returned.product_id])),
            (amal, reverse("enrollment:list")),
            (amal, reverse("enrollment:edit", args=[returned.pk])),
            (amal, reverse("enrollment:show", args=[returned.pk])),
            (dana, reverse("enrollment:queue")),
            (dana, reverse("enrollment:review", args=[mine.pk])),
        ]

        window = Window(browser, live_server.url, width=width, theme=theme, language=language)
        for user, path in pages:
            page = window.show(user, path)
            assert (path, window.too_wide(width), barriers(page)) == (path, [], [])
        window.close()
