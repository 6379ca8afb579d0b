"""A file of products from the upload to the last row, as a worker does it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.translation import override

from assurance.events.models import Event
from assurance.imports import actions, queries
from assurance.imports.lifecycle import ImportState
from assurance.imports.models import ImportFlaw
from assurance.products.models import Product
from assurance.products.wording import FIELDS
from assurance.refusals import WrongState
from assurance.runs import actions as runs
from tests import enrolments
from tests.product_files import (
    GTIN,
    HEAD,
    as_csv,
    as_workbook,
    bytes_of,
    checked,
    counts,
    imported,
    row,
    rows_of,
    sent,
    work_off,
)

THREE = [row(1), row(2, price="12,50", gtin="6901234567891"), row(3)]


def flaws(found):
    return [(one.row, one.column, one.value, one.code) for one in queries.flaws(found)]


class TestTheCheck:
    @pytest.mark.row("P18.1")
    def test_lists_each_bad_cell_and_writes_no_product(self, amal):
        found = checked(amal, as_csv(THREE))

        assert flaws(found) == [(3, "gtin", "6901234567891", "gtin_check_digit"), (3, "price", "12,50", "money_format")]
        assert (found.state, counts(found)) == (ImportState.CHECKED, (2, 0, 0, 1))
        assert not Product.objects.exists()
        assert [one.message for one in queries.notes(queries.flaws(found))] == [
            "The check digit of this GTIN is wrong. Copy the digits under the barcode again.",
            "Write the amount like 12.30, in the digits 0–9, without spaces or separators.",
        ]

    @pytest.mark.row("P18.6")
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
    def test_reads_chinese_in_the_encodings_of_spreadsheets(self, amal, encoding):
        with override("zh-hans"):
            head = [str(FIELDS[name]) for name in HEAD]
        found = checked(amal, as_csv([row(1, category="护肤")], encoding=encoding, head=head))

        assert (flaws(found), counts(found)) == ([], (1, 0, 0, 0))

    def test_says_of_a_sku_that_it_stands_in_an_earlier_row(self, amal):
        found = checked(amal, as_csv([row(1), row(2), row(1, name="另一个")]))

        assert flaws(found) == [(4, "sku", "HJ-0001", "row_twice")]
        assert queries.notes(queries.flaws(found))[0].message == "Row 2 has this SKU already."

    def test_says_which_category_is_none_or_a_group(self, amal):
        found = checked(amal, as_csv([row(1, category="汽车"), row(2, category="cosmetics"), row(3, category="")]))

        assert [code for *_place, code in flaws(found)] == ["category_unknown", "category_is_group", "required"]


@pytest.mark.promise("G27")
class TestTheImport:
    @pytest.mark.row("P18.2")
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_brings_the_good_rows_in_and_hands_the_others_back_in_their_form(self, amal, form):
        data = as_csv(THREE) if form == "csv" else as_workbook(THREE)

        found = imported(amal, data, name=f"七月.{form}")

        assert (found.state, counts(found)) == (ImportState.IMPORTED, (2, 0, 0, 1))
        assert list(Product.objects.order_by("sku").values_list("sku", "price", "gtin")) == [
            ("HJ-0001", Decimal("59.90"), GTIN),
            ("HJ-0003", Decimal("59.90"), GTIN),
        ]
        assert found.run.result.shown_name.startswith("七月-")
        assert found.run.result.shown_name.endswith(f".{form}")
        head, wrong = rows_of(bytes_of(found.run.result))
        assert (head[:-1], wrong[:-1]) == (HEAD, THREE[1])
        assert "gtin" in wrong[-1]
        assert "price" in wrong[-1]

    def test_takes_what_was_handed_back_once_it_is_corrected(self, amal):
        found = imported(amal, as_csv(THREE))
        head, wrong = rows_of(bytes_of(found.run.result))

        again = imported(amal, as_csv([[*row(2), wrong[-1]]], head=head))

        assert counts(again) == (1, 0, 0, 0)
        assert Product.objects.count() == 3

    @pytest.mark.row("P18.3")
    def test_changes_nothing_the_second_time(self, amal):
        imported(amal, as_csv(THREE))
        before, heard = list(Product.objects.values().order_by("pk")), Event.objects.filter(kind__startswith="products.").count()

        again = checked(amal, as_csv(THREE))
        assert counts(again) == (0, 0, 2, 1)
        actions.bring_in(import_id=again.pk, actor=amal, at=timezone.now())
        work_off()

        assert list(Product.objects.values().order_by("pk")) == before
        assert Event.objects.filter(kind__startswith="products.").count() == heard

    def test_changes_what_differs_and_leaves_columns_alone_that_are_not_there(self, amal):
        product = enrolments.product(amal, sku="HJ-0001", name_en="Cleanser")

        found = imported(amal, as_csv([row(1, price="61.00")]))

        product.refresh_from_db()
        assert counts(found) == (0, 1, 0, 0)
        assert (product.price, product.name_en, product.version) == (Decimal("61.00"), "Cleanser", 2)
        assert product.attributes == enrolments.SKINCARE

    def test_empties_a_field_whose_cell_is_empty(self, amal):
        product = enrolments.product(amal, sku="HJ-0001")

        imported(amal, as_csv([row(1, gtin="", shelf_life_days="")]))

        product.refresh_from_db()
        assert (product.gtin, product.shelf_life_days) == ("", None)

    def test_refuses_the_row_of_a_product_that_is_reviewed_but_not_one_that_says_the_same(self, amal):
        product = enrolments.submitted(amal, sku="HJ-0001").product

        found = imported(amal, as_csv([row(1, price="61.00"), row(2)]))

        assert flaws(found) == [(2, "sku", "HJ-0001", "product_locked")]
        assert counts(found) == (1, 0, 0, 1)
        same = row(1, name=product.name, price=str(product.price))
        assert counts(checked(amal, as_csv([same]))) == (0, 0, 1, 0)

    def test_never_touches_another_merchants_product_of_the_same_sku(self, amal, chidi):
        theirs = enrolments.product(chidi, sku="HJ-0001", name="别人的")

        found = imported(amal, as_csv([row(1)]))

        theirs.refresh_from_db()
        assert (counts(found), theirs.name, Product.objects.count()) == ((1, 0, 0, 0), "别人的", 2)

    def test_leaves_no_partial_batch_when_it_breaks_and_goes_on_where_it_was(self, amal, monkeypatch):
        monkeypatch.setattr(actions, "ROWS_PER_BATCH", 2)
        found = checked(amal, as_csv([row(number) for number in range(5)]))
        actions.bring_in(import_id=found.pk, actor=amal, at=timezone.now())
        work_off(most=1)
        whole = actions._noted

        def breaks(*args, **kwargs):
            whole(*args, **kwargs)
            raise MemoryError

        monkeypatch.setattr(actions, "_noted", breaks)
        work_off(most=1)
        assert Product.objects.count() == 2

        monkeypatch.setattr(actions, "_noted", whole)
        found.refresh_from_db()
        for _ in range(3):
            runs.advance(run_id=found.run_id, at=timezone.now())

        found.refresh_from_db()
        assert (Product.objects.count(), found.state, counts(found)) == (5, ImportState.IMPORTED, (5, 0, 0, 0))

    def test_names_three_hundred_rows_ten_bad_ones_exactly(self, amal):
        bad = dict.fromkeys(range(7, 300, 30), ("price", "umsonst"))
        rows = [row(number, **dict([bad[number]] if number in bad else [])) for number in range(300)]

        found = imported(amal, as_csv(rows))

        assert [(at, column) for at, column, _value, _code in flaws(found)] == [(number + 2, "price") for number in bad]
        assert counts(found) == (290, 0, 0, 10)
        assert counts(checked(amal, as_csv(rows))) == (0, 0, 290, 10)


class TestStopping:
    def test_keeps_what_was_imported_and_finds_it_unchanged_afterwards(self, amal, monkeypatch):
        monkeypatch.setattr(actions, "ROWS_PER_BATCH", 2)
        found = checked(amal, as_csv([row(number) for number in range(5)]))
        actions.bring_in(import_id=found.pk, actor=amal, at=timezone.now())
        work_off(most=1)
        found.refresh_from_db()
        runs.cancel_run(run_id=found.run_id, actor=amal, at=timezone.now())
        work_off()
        found.refresh_from_db()
        assert (found.state, Product.objects.count()) == (ImportState.STOPPED, 2)

        actions.check_again(import_id=found.pk, actor=amal, at=timezone.now())
        work_off()

        found.refresh_from_db()
        assert (found.state, counts(found)) == (ImportState.CHECKED, (3, 0, 2, 0))

    def test_refuses_to_import_what_was_not_checked(self, amal):
        found = sent(amal, as_csv([row(1)]))

        with pytest.raises(WrongState):
            actions.bring_in(import_id=found.pk, actor=amal, at=timezone.now())
        assert not ImportFlaw.objects.exists()
