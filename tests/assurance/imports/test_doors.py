"""Product files by page and by API, as a merchant and his program use them."""

from __future__ import annotations

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assurance.imports.lifecycle import ImportState
from assurance.imports.models import ProductImport
from assurance.products import attributes
from assurance.products.models import Category, Product
from tests.doors import HTMX, Api, browser, said
from tests.product_files import as_csv, checked, counts, imported, row, rows_of, work_off

BAD = as_csv([row(1), row(2, price="x")])


def upload(data: bytes = BAD) -> SimpleUploadedFile:
    return SimpleUploadedFile("七月.csv", data, "text/csv")


class TestThePages:
    def test_lead_from_the_upload_over_the_errors_to_the_products(self, amal):
        page = browser(amal)
        sent = page.post(reverse("imports:list"), {"file": upload()})
        found = ProductImport.objects.get()
        assert sent.url == reverse("imports:show", args=[found.pk])
        assert "every 2s" in page.get(sent.url).content.decode()

        work_off()
        shown = page.get(sent.url).content.decode()
        assert "Write the amount like 12.30" in shown
        assert "Import 1 row" in shown
        assert "every 2s" not in shown

        page.post(reverse("imports:bring-in", args=[found.pk]), headers=HTMX)
        work_off()
        shown = page.get(sent.url).content.decode()
        assert "1 row stands as in the file." in shown
        assert f'href="{reverse("files:show", args=[ProductImport.objects.get().run.result_id])}"' in shown
        assert Product.objects.count() == 1

    def test_say_beside_the_file_which_column_is_wrong(self, amal):
        answer = browser(amal).post(reverse("imports:list"), {"file": upload(b"sku,colour\n1,red\n")}, headers=HTMX)

        assert answer.status_code == 422
        assert "colour: No product has such a column." in answer.content.decode()
        assert "price: This column is missing." in answer.content.decode()

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_give_a_template_that_is_taken_once_it_is_filled_in(self, amal, form):
        answer = browser(amal).get(reverse("imports:template"), {"category": "skincare", "form": form})

        head = rows_of(b"".join(answer) if answer.streaming else answer.content)[0]
        asked = attributes.read(Category.objects.get(code="skincare").required_attributes)
        assert head[-len(asked) :] == [one.label("en") for one in asked]
        filled = {"SKU": "A-1", "Product name": "霜", "Category": "Skin care", "Price": "5.00"}
        found = checked(amal, as_csv([[filled.get(one, "") for one in head]], head=head))
        assert counts(found) == (1, 0, 0, 0)

    def test_are_not_there_for_another_merchant_nor_for_who_may_not_see_costs(self, amal, chidi, ann):
        found = checked(amal, BAD)

        assert [browser(who).get(reverse("imports:show", args=[found.pk])).status_code for who in (amal, ann, chidi)] == [200, 404, 404]


@pytest.mark.row("P19.1")
class TestTheApi:
    def test_checks_lists_what_is_wrong_and_imports(self, amal):
        api = Api(amal)
        sent = api.upload("/product-imports/", file=upload())
        assert (sent.status_code, sent.json()["state"], sent.json()["total"]) == (201, "uploaded", 2)
        path = f"/product-imports/{sent.json()['id']}/"
        assert said(api.post(f"{path}import/")) == (409, "wrong_state")

        work_off()
        assert api.get(path).json()["flawed"] == 1
        wrong = api.get(f"{path}flaws/").json()["results"]
        assert [(one["row"], one["column"], one["value"], one["code"]) for one in wrong] == [(3, "price", "x", "money_format")]
        assert api.post(f"{path}import/").status_code == 202

        work_off()
        done = api.get(path).json()
        assert (done["state"], done["created"], done["flawed"], done["done"]) == ("imported", 1, 1, 2)
        assert api.get(f"/files/{done['result']}/").json()["shown_name"].startswith("七月")


class TestTenThousandRows:
    @pytest.mark.row("P18.5")
    @pytest.mark.exhaustive
    def test_are_checked_and_imported_within_a_minute(self, amal):
        data, begun = as_csv([row(number) for number in range(10_000)]), time.monotonic()

        found = imported(amal, data)

        assert (found.state, counts(found)) == (ImportState.IMPORTED, (10_000, 0, 0, 0))
        assert time.monotonic() - begun < 60

    @pytest.mark.row("P18.5")
    def test_go_in_batches_whose_progress_is_seen(self, amal, monkeypatch):
        from assurance.imports import actions

        monkeypatch.setattr(actions, "ROWS_PER_BATCH", 2)
        browser(amal).post(reverse("imports:list"), {"file": upload(as_csv([row(number) for number in range(5)]))})
        work_off(most=1)

        assert "2 / 5" in browser(amal).get(reverse("imports:show", args=[ProductImport.objects.get().pk])).content.decode()
