"""Strict reading: every bad cell is named, and nothing stops the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.replay.cells import BadCell, measure, moment, money, one_of, text, whole
from demo.replay.clock import Depth, course_of, depth_of
from demo.replay.folder import from_disk, read_folder
from demo.replay.supply import lots_of, needs_of
from demo.replay.table import decoded, read
from demo.replay.wording import REASONS, bad_rows
from tests.demo.replay.made_folder import make


class TestACell:
    @pytest.mark.parametrize("value", ["12,50", "1e3", "-1", "1.234", "١٢", "NaN", "0x10", " "])
    def test_is_no_amount_if_it_only_looks_like_one(self, value: str) -> None:
        with pytest.raises(BadCell):
            money(value)

    @pytest.mark.parametrize("value", ["1.0", "0", "11", "+1", "", "1 0"])
    def test_is_no_whole_number_within_bounds(self, value: str) -> None:
        with pytest.raises(BadCell):
            whole(1, 10)(value)

    @pytest.mark.parametrize(
        "value", ["2017-02-29 10:00:00", "2017-02-28T25:00", "28.02.2017", "1899-01-01", "", "2017-02-28 10:00:00+08:00"]
    )
    def test_is_no_moment(self, value: str) -> None:
        with pytest.raises(BadCell):
            moment(value)

    def test_is_a_moment_of_shanghai(self) -> None:
        assert str(moment("2018-08-15 15:28:00")) == "2018-08-15 15:28:00+08:00"

    def test_says_nobody_measured_where_it_is_empty_or_zero(self) -> None:
        assert measure("") is None
        assert measure("0") is None
        assert measure("12.5") is not None

    def test_holds_no_control_characters(self) -> None:
        with pytest.raises(BadCell, match="control_character"):
            text(10)("a\x00b")
        assert text(10, lines=True)("a\r\nb") == "a\r\nb"

    def test_knows_its_words(self) -> None:
        with pytest.raises(BadCell, match="unknown_word"):
            one_of(["a"])("b")


class TestAFile:
    COLUMNS = {"code": text(5), "number": whole(1, 9)}

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_may_be_written_in_three_ways(self, encoding: str) -> None:
        table = read("f", "code,number\n商品,3\n".encode(encoding), self.COLUMNS)

        assert table.rows == [(2, {"code": "商品", "number": 3})]

    def test_names_every_bad_cell_of_a_row_and_goes_on(self) -> None:
        table = read("f", b"number,code,more\nx,,1\n2,b,\n3,c\n4,d,,\n\n5,e,\n", self.COLUMNS)

        assert [(row, values["code"]) for row, values in table.rows] == [(3, "b"), (7, "e")]
        assert [(flaw.row, flaw.column, flaw.reason) for flaw in table.flaws] == [
            (2, "code", "missing"),
            (2, "number", "not_a_whole_number"),
            (4, "", "cells_too_few"),
            (5, "", "cells_too_many"),
        ]

    def test_without_a_column_has_no_rows(self) -> None:
        table = read("f", b"code\na\n", self.COLUMNS)

        assert table.rows == []
        assert [(flaw.row, flaw.column, flaw.reason) for flaw in table.flaws] == [(1, "number", "column_missing")]

    def test_with_broken_bytes_loses_only_that_row(self) -> None:
        broken = b"code,number\n\xe5\x95,1\n" + "商,2\n".encode() + b"\xff\xff\xff,3\n"

        assert "\ufffd" in decoded(broken)
        assert [values["number"] for _row, values in read("f", broken, self.COLUMNS).rows] == [2]


class TestAFolder:
    def test_comes_back_with_every_bad_cell_and_no_other(self, tmp_path: Path) -> None:
        made = make(tmp_path)

        folder = read_folder(from_disk(tmp_path))

        assert {(flaw.file, flaw.row, flaw.column) for flaw in folder.flaws} == made.bad
        assert len(folder.orders) == made.report["orders"]
        assert sum(len(order.lines) for order in folder.orders.values()) == made.report["order_lines"]
        assert len(folder.events) == made.report["courier_events"]
        assert len(folder.reviews) == made.report["reviews"]

    def test_that_is_empty_stops_nothing(self, tmp_path: Path) -> None:
        folder = read_folder(from_disk(tmp_path))

        assert folder.orders == {}
        assert {flaw.reason for flaw in folder.flaws} == {"column_missing"}

    def test_hands_bad_rows_back_as_a_file_that_runs_nothing(self, tmp_path: Path) -> None:
        make(tmp_path)
        flaws = read_folder(from_disk(tmp_path)).flaws

        told = bad_rows(flaws)

        assert told.splitlines()[0] == "file,row,column,value,reason"
        assert "weight_g,heavy,Not a weight or length" in told
        assert "'-4" in told or ",-4," in told
        assert {flaw.reason for flaw in flaws} <= REASONS.keys()


class TestTheGenerator:
    def test_brings_enough_of_every_product_before_its_first_order(self, tmp_path: Path) -> None:
        make(tmp_path)
        folder = read_folder(from_disk(tmp_path))
        needs = needs_of(list(folder.orders.values()))

        for code, need in needs.items():
            lots = lots_of(code, need, life_days=365)
            good = [lot for lot in lots if not lot.is_failing]
            assert sum(lot.quantity for lot in good) >= need.units
            assert all(lot.inspected_at < need.first_at for lot in lots)
            assert all(lot.expiry and lot.expiry > need.last_promised for lot in lots)

    def test_says_the_same_every_time(self, tmp_path: Path) -> None:
        make(tmp_path)
        folder = read_folder(from_disk(tmp_path))
        needs = needs_of(list(folder.orders.values()))

        again = needs_of(list(read_folder(from_disk(tmp_path)).orders.values()))

        assert [lots_of(code, need, life_days=9) for code, need in needs.items()] == [
            lots_of(code, need, life_days=9) for code, need in again.items()
        ]

    def test_lets_an_order_run_forwards_whatever_the_clocks_say(self, tmp_path: Path) -> None:
        make(tmp_path)
        for order in read_folder(from_disk(tmp_path)).orders.values():
            course = course_of(order)
            moments = [course.paid, course.allocated, course.picked, course.packed, course.checked, course.booked, course.handed_over]
            assert moments == sorted(moments)
            assert depth_of(order) == Depth.HANDED_OVER or not order.events
