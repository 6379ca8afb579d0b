"""What is exported comes back without a difference, whatever stands in it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from assurance.products.models import Category, Product
from assurance.runs.actions import start_run
from tests import enrolments
from tests.product_files import bytes_of, checked, counts, imported, rows_of, work_off

LIVE = ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "＝1", "'=quoted", "''@twice", "-12.30", "'plain"]


def exported(person, **given):
    run = start_run("products_export", actor=person, at=timezone.now(), **given)
    work_off()
    run.refresh_from_db()
    return run.result.shown_name, bytes_of(run.result)


@pytest.fixture
def everything(amal):
    """Products of several categories, one of them locked, with texts that a spreadsheet would run."""
    clothing = Category.objects.get(code="clothing")
    for number, name in enumerate(LIVE):
        enrolments.product(amal, sku=f"{name} {number}", name=name, specification=name, cost=Decimal("21.40"))
    enrolments.product(
        amal, sku="WJ-1", category=clothing, attributes={"fibre": '=羊毛, 100 %"', "safety_class": "B"}, shelf_life_days=None
    )
    enrolments.submitted(amal, sku="LOCKED", commission_rate=Decimal("0.205"))


@pytest.mark.row("P18.4")
@pytest.mark.usefixtures("everything")
class TestAnExport:
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    @pytest.mark.parametrize("names", ["codes", "labels"])
    def test_is_read_back_with_zero_differences(self, amal, form, names):
        before = list(Product.objects.order_by("pk").values())
        name, data = exported(amal, form=form, names=names)

        found = checked(amal, data, name=name)

        assert counts(found) == (0, 0, len(before), 0)
        assert list(Product.objects.order_by("pk").values()) == before

    @pytest.mark.promise("G27")
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_enters_the_same_products_at_another_merchant(self, amal, chidi, form):
        kept = ("sku", "name", "specification", "attributes", "gtin", "price", "cost", "commission_rate", "category_id")
        _name, data = exported(amal, form=form, names="labels")

        found = imported(chidi, data)

        assert counts(found) == (len(LIVE) + 2, 0, 0, 0)
        theirs, ours = (list(Product.objects.filter(merchant=who.organisation).order_by("pk").values(*kept)) for who in (chidi, amal))
        assert theirs == ours

    @pytest.mark.promise("G27")
    def test_holds_no_live_formula(self, amal):
        _name, text = exported(amal, form="csv")
        _name, book = exported(amal, form="xlsx")

        cells = [cell for row in rows_of(text) for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "@", "＝")) or cell == "-2+3"] == []
        import io

        import openpyxl

        sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
        assert all(
            cell.style is not None and cell.quotePrefix for row in sheet.iter_rows() for cell in row if str(cell.value)[0] in "=+@＝"
        )
