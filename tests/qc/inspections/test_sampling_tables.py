"""Every cell of tables 1 and 2-A, 2-B, 2-C.

Three checks of unlike strength. The resolved transcription and the shipped printed cells come from
one study of secondary transcriptions, so comparing them proves our arrows and our copying, not the
study's reading. The diagonals rebuild the tables from the rule they are made by, with their exceptions
named; they were written with the printed cells in view. The short table of the trade was read from a
CRAN package (AQLSchemes 1.7-2, MIL-STD-105E), which agrees in all 832 normal and tightened cells when read
whole; its reduced table is of the older edition. The printed standard itself was not at hand.
"""

import hashlib
import json
from pathlib import Path

import pytest

from qc.inspections.sampling import SHIPPED, find_plan, shipped_tables

LETTERS = "ABCDEFGHJKLMNPQR"
LEVELS = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")
SEVERITIES = ("normal", "tightened", "reduced")
PRINTED_AQLS = "0.010 0.015 0.025 0.040 0.065 0.10 0.15 0.25 0.40 0.65 1.0 1.5 2.5 4.0 6.5 10 15 25 40 65 100 150 250 400 650 1000"
AQLS = PRINTED_AQLS.split()
SIZES = {
    "normal": dict(zip(LETTERS, (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000), strict=True)),
    "tightened": dict(zip(LETTERS + "S", (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000, 3150), strict=True)),
    "reduced": dict(zip(LETTERS, (2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800), strict=True)),
}

TABLE_1 = """
2 8 A A A A A A B
9 15 A A A A A B C
16 25 A A B B B C D
26 50 A B B C C D E
51 90 B B C C C E F
91 150 B B C D D F G
151 280 B C D E E G H
281 500 B C D E F H J
501 1200 C C E F G J K
1201 3200 C D E G H K L
3201 10000 C D F G J L M
10001 35000 C D F H K M N
35001 150000 D E G J L N P
150001 500000 D E G J M P Q
500001 2000000000 D E H K N Q R
"""

# Code letter, n, then n,Ac for normal 1.0 1.5 2.5 4.0 6.5 and for tightened 1.0 1.5 2.5 4.0 6.5.
TRADE_TABLE = """
A 2 13,0 8,0 5,0 3,0 2,0 20,0 13,0 8,0 5,0 3,0
B 3 13,0 8,0 5,0 3,0 2,0 20,0 13,0 8,0 5,0 3,0
C 5 13,0 8,0 5,0 3,0 8,1 20,0 13,0 8,0 5,0 13,1
D 8 13,0 8,0 5,0 13,1 8,1 20,0 13,0 8,0 20,1 13,1
E 13 13,0 8,0 20,1 13,1 13,2 20,0 13,0 32,1 20,1 13,1
F 20 13,0 32,1 20,1 20,2 20,3 20,0 50,1 32,1 20,1 20,2
G 32 50,1 32,1 32,2 32,3 32,5 80,1 50,1 32,1 32,2 32,3
H 50 50,1 50,2 50,3 50,5 50,7 80,1 50,1 50,2 50,3 50,5
J 80 80,2 80,3 80,5 80,7 80,10 80,1 80,2 80,3 80,5 80,8
K 125 125,3 125,5 125,7 125,10 125,14 125,2 125,3 125,5 125,8 125,12
L 200 200,5 200,7 200,10 200,14 200,21 200,3 200,5 200,8 200,12 200,18
M 315 315,7 315,10 315,14 315,21 200,21 315,5 315,8 315,12 315,18 200,18
N 500 500,10 500,14 500,21 315,21 200,21 500,8 500,12 500,18 315,18 200,18
P 800 800,14 800,21 500,21 315,21 200,21 800,12 800,18 500,18 315,18 200,18
Q 1250 1250,21 800,21 500,21 315,21 200,21 1250,18 800,18 500,18 315,18 200,18
R 2000 1250,21 800,21 500,21 315,21 200,21 1250,18 800,18 500,18 315,18 200,18
"""

# Along a diagonal (down one letter, left one AQL) Ac stays the same. Counted from A at 0.010:
DIAGONALS = {
    "normal": {14: 0, 17: 1, 18: 2, 19: 3, 20: 5, 21: 7, 22: 10, 23: 14, 24: 21, 25: 30, 26: 44},
    "tightened": {15: 0, 18: 1, 19: 2, 20: 3, 21: 5, 22: 8, 23: 12, 24: 18, 25: 27, 26: 41},
    "reduced": {14: 0, 18: 1, 19: 2, 20: 3, 21: 5, 22: 6, 23: 8, 24: 10, 25: 14, 26: 21},
}
LAST_FROM_F = {"normal": 21, "tightened": 18, "reduced": 10}  # letters F and later have no larger Ac
REDUCED_A_B = dict(enumerate((1, 2, 3, 5, 7, 10, 14, 21, 30)))


def lots_at(letter):
    """Every (lot size, level) at the ends of the rows of table 1 that enter at this letter."""
    for row in TABLE_1.split("\n")[1:-1]:
        first, last, *letters = row.split()
        for level, entered in zip(LEVELS, letters, strict=True):
            if entered == letter:
                yield int(first), level
                yield int(last), level


def transcribed():
    """Return {(severity, letter, aql): (letter reached, n, Ac)}."""
    cells, severity, aqls = {}, "", []
    for line in (Path(__file__).parent / "resolved_2012.txt").read_text().splitlines()[1:]:
        head, *rest = line.split()
        if head == "aql":
            aqls = rest
        elif not rest:
            severity = head
        else:
            for aql, cell in zip(aqls, rest, strict=True):
                size, accept = cell[1:].split("/")
                cells[severity, head, aql] = (cell[0], int(size), int(accept))
    return cells


def printed(severity, row, column):
    """Return Ac by the diagonals, or None where an arrow is printed."""
    letter = (LETTERS + "S")[row]
    if severity == "tightened" and letter == "S":
        return 1 if AQLS[column] == "0.025" else None
    if severity == "tightened" and letter == "A" and AQLS[column] == "10":
        return None  # the disputed arrow: the diagonal says 0
    if severity == "reduced" and letter in "AB" and column >= 17:
        return REDUCED_A_B[column - 17]
    accept = DIAGONALS[severity].get(row + column)
    if accept is not None and letter >= "F" and accept > LAST_FROM_F[severity]:
        return None
    return accept


def resolved_by_diagonals(severity, letter, aql):
    column, row = AQLS.index(aql), LETTERS.index(letter)
    letters = LETTERS + "S" if severity == "tightened" else LETTERS
    numbers = [at for at in range(len(letters)) if printed(severity, at, column) is not None]
    if row in numbers:
        reached = row
    else:
        above, below = [at for at in numbers if at < row], [at for at in numbers if at > row]
        # Ac 0 above leads up only from the row right below it (elsewhere the arrow leads down).
        is_up = above and (not below or (severity != "tightened" and above == [row - 1] and printed(severity, row - 1, column) == 0))
        reached = above[-1] if is_up else below[0]
    return letters[reached], SIZES[severity][letters[reached]], printed(severity, reached, column)


class TestTable1:
    @pytest.mark.row("P4.1")
    @pytest.mark.parametrize("row", TABLE_1.split("\n")[1:-1])
    def test_gives_the_printed_letter_at_both_ends_of_every_row(self, row):
        first, last, *letters = row.split()

        found = [[find_plan(lot_size=int(lot), level=level, aql="2.5").code_letter for level in LEVELS] for lot in (first, last)]

        assert found == [letters, letters]

    def test_uses_level_two_and_normal_severity_unless_told(self):
        plan = find_plan(lot_size=1000, aql="2.5")

        assert (plan.level, plan.severity, plan.code_letter) == ("II", "normal", "J")


class TestTables2:
    @pytest.mark.row("P4.1")
    @pytest.mark.parametrize("severity", SEVERITIES)
    @pytest.mark.parametrize("letter", LETTERS)
    def test_give_the_transcribed_plan_in_every_cell(self, severity, letter):
        cells = transcribed()
        lots = list(lots_at(letter))
        assert lots
        for aql in AQLS:
            reached, size, accept = cells[severity, letter, aql]
            for lot_size, level in lots:
                plan = find_plan(lot_size=lot_size, level=level, aql=aql, severity=severity)
                assert (plan.code_letter, plan.plan_letter, plan.table_size) == (letter, reached, size)
                assert (plan.accept, plan.reject) == (accept, accept + 1)
                assert (plan.sample_size, plan.full_inspection) == (min(size, lot_size), size >= lot_size)

    @pytest.mark.row("P4.1")
    @pytest.mark.parametrize("severity", SEVERITIES)
    def test_follow_the_diagonals_in_every_cell(self, severity):
        cells = transcribed()
        for letter in LETTERS:
            for aql in AQLS:
                assert resolved_by_diagonals(severity, letter, aql) == cells[severity, letter, aql], (letter, aql)

    @pytest.mark.row("P4.1")
    def test_print_an_arrow_exactly_where_the_plan_is_another_letters(self):
        cells = transcribed()
        book = json.loads(SHIPPED.read_text(encoding="utf-8"))
        for severity in SEVERITIES:
            rows = {row["letter"]: row["cells"].split() for row in book["plans"][severity]["rows"]}
            for letter in LETTERS:
                for aql, mark in zip(AQLS, rows[letter], strict=True):
                    reached, _, accept = cells[severity, letter, aql]
                    expected = str(accept) if reached == letter else "↓" if reached > letter else "↑"
                    assert mark == expected, (severity, letter, aql)

    @pytest.mark.row("P4.1")
    @pytest.mark.parametrize("row", TRADE_TABLE.split("\n")[1:-1], ids=lambda row: row[0])
    def test_agree_with_the_short_table_of_the_trade(self, row):
        letter, size, *expected = row.split()
        lot_size, level = max(lots_at(letter))

        plans = [
            find_plan(lot_size=lot_size, level=level, aql=aql, severity=severity)
            for severity in ("normal", "tightened")
            for aql in ("1.0", "1.5", "2.5", "4.0", "6.5")
        ]

        assert [f"{plan.table_size},{plan.accept}" for plan in plans] == expected
        assert SIZES["normal"][letter] == int(size)

    def test_bring_the_sample_size_along_with_the_arrow(self):
        plan = find_plan(lot_size=150, aql="1.5")  # code F, n 20 printed: the arrow leads to G

        assert (plan.code_letter, plan.plan_letter, plan.sample_size, plan.accept, plan.reject) == ("F", "G", 32, 1, 2)

    def test_reach_letter_s_only_on_tightened(self):
        plan = find_plan(lot_size=600_000, level="III", aql="0.025", severity="tightened")

        assert (plan.code_letter, plan.plan_letter, plan.sample_size, plan.accept) == ("R", "S", 3150, 1)

    def test_say_which_edition_they_are(self):
        assert find_plan(lot_size=1000, aql="2.5").edition == "GB/T 2828.1-2012"

    def test_are_read_once(self):
        assert shipped_tables() is shipped_tables()

    def test_have_not_been_touched(self):
        # A change of a cell is a new file with a new edition: kept inspections name the old one.
        assert hashlib.sha256(SHIPPED.read_bytes()).hexdigest() == "f657eed6a032ca23fed135eaf24a44c57a01963ff633512e0b66f61306a0666e"


class TestDisputedCells:
    def test_are_the_fifteen_known_ones_and_are_marked(self):
        marked = {cell for cell in transcribed() if self.plan(cell).dispute}

        names = "C@65 D@40 E@25 F@15 G@10 H@6.5 J@4.0 K@2.5 L@1.5 M@1.0 N@0.65 P@0.40 Q@0.25 R@0.15"
        assert marked == {("tightened", "A", "10")} | {("reduced", *name.split("@")) for name in names.split()}

    def test_on_reduced_keep_five_and_name_four(self):
        plan = self.plan(("reduced", "J", "4.0"))

        assert (plan.sample_size, plan.accept, plan.reject) == (32, 5, 6)
        assert (plan.dispute.plan_letter, plan.dispute.sample_size, plan.dispute.accept, plan.dispute.reject) == ("J", 32, 4, 5)

    def test_on_tightened_keep_the_arrow_and_name_the_zero(self):
        plan = self.plan(("tightened", "A", "10"))

        assert (plan.plan_letter, plan.table_size, plan.accept) == ("D", 8, 1)
        assert (plan.dispute.plan_letter, plan.dispute.sample_size, plan.dispute.accept) == ("A", 2, 0)

    @staticmethod
    def plan(cell):
        severity, letter, aql = cell
        lot_size, level = max(lots_at(letter))
        return find_plan(lot_size=lot_size, level=level, aql=aql, severity=severity)
