"""A product's form keeps itself while somebody types, right or wrong."""

from __future__ import annotations

import pytest
from django.urls import reverse

from assurance.products.models import Product, ProductDraft
from tests import enrolments
from tests.doors import HTMX, browser

pytestmark = [pytest.mark.usefixtures("categories"), pytest.mark.row("P2.1")]
TYPED = {"name": "围巾", "sku": "WJ-1", "category": "clothing", "price": "ab", "gtin": "6901234567891", "attributes.fibre": "羊毛"}


class TestADraft:
    def test_is_kept_with_what_is_wrong_and_says_so_beside_the_field(self, amal):
        answer = browser(amal).post(reverse("products:keep-new-draft"), TYPED, headers=HTMX).content.decode()

        assert ProductDraft.objects.get().values["price"] == "ab"
        assert 'data-flaw="price"' in answer
        assert 'data-flaw="gtin"' in answer
        assert 'data-flaw="specification"' not in answer
        assert not Product.objects.exists()

    def test_is_there_after_signing_in_again_and_for_nobody_else(self, amal, ann):
        browser(amal).post(reverse("products:keep-new-draft"), TYPED, headers=HTMX)

        again = browser(amal).get(reverse("products:create")).content.decode()
        assert 'value="ab"' in again
        assert 'value="羊毛"' in again
        assert "羊毛" not in browser(ann).get(reverse("products:create")).content.decode()

    def test_ends_when_the_product_is_saved(self, amal):
        page = browser(amal)
        page.post(reverse("products:keep-new-draft"), TYPED, headers=HTMX)

        page.post(reverse("products:create"), TYPED | {"price": "12.00", "gtin": "6901234567892"})

        assert (Product.objects.count(), ProductDraft.objects.count()) == (1, 0)

    def test_ends_when_it_is_thrown_away(self, amal):
        page = browser(amal)
        page.post(reverse("products:keep-new-draft"), TYPED, headers=HTMX)

        answer = page.post(reverse("products:drop-new-draft"), {"back": "//evil.cn"})

        assert answer.url == reverse("products:create")
        assert not ProductDraft.objects.exists()

    def test_of_a_product_that_somebody_else_saved_meanwhile_shows_both(self, amal, ann):
        from assurance.products import actions
        from tests.factories import NOON

        product = enrolments.product(amal, name="洁面乳")
        url, page = reverse("products:edit", args=[product.pk]), browser(amal)
        mine = TYPED | {"name": "阿玛的", "category": "skincare", "price": "1.00", "gtin": "", "version": "1", "sku": product.sku}
        page.post(reverse("products:keep-draft", args=[product.pk]), mine, headers=HTMX)
        actions.update(product_id=product.pk, values={"name": "安的"}, actor=ann, at=NOON)

        told = page.post(reverse("products:keep-draft", args=[product.pk]), mine, headers=HTMX).content.decode()
        form = page.get(url).context["form"]

        assert "Somebody else has saved" in told
        assert (form["name"].value(), form["version"].value()) == ("阿玛的", "1")
        assert page.post(url, mine, headers=HTMX).status_code == 409

    def test_holds_no_character_that_breaks_the_table(self, amal):
        assert browser(amal).post(reverse("products:keep-new-draft"), TYPED | {"name": "a\0b"}, headers=HTMX).status_code == 200


class TestAGtinWhileItIsTyped:
    @pytest.mark.parametrize(
        ("digits", "says"),
        [
            ("690123456789", "The last digit should be"),
            ("6901234567892", "The check digit is right. Number given out by GS1: China."),
            ("6901234567891", "The last digit should be 2"),
            ("69012345678", "1 digit more"),
            ("<b>", ""),
        ],
    )
    def test_says_what_is_missing(self, amal, digits, says):
        answer = " ".join(browser(amal).get(reverse("products:gtin"), {"gtin": digits}).content.decode().split())

        assert says in answer.replace("</svg>", "")
        assert "<b>" not in answer
