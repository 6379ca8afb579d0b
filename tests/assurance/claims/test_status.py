"""What a claim is worth, and whether a measured value fits it. Rules, tried without a database; the known cases of the trade among them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from assurance.claims.kinds import SUPPORT, Basis, ClaimKind
from assurance.claims.measuring import Measured, answers, compare, read
from assurance.claims.status import Because, Finding, Grade, Link, Status, status

DAY = date(2026, 11, 20)
BEFORE, AFTER = date(2026, 11, 1), date(2027, 11, 1)
STATED = Link(1, Basis.STATED, BEFORE)
PAPER = Link(2, Basis.DOCUMENT, BEFORE)
DRAWN = Link(3, Basis.LAB, BEFORE, AFTER, is_drawn=True)
SENT_IN = Link(4, Basis.LAB, BEFORE, AFTER)
LICENCE = Link(5, Basis.CERTIFICATE, BEFORE, AFTER)
OTHERWISE = Link(6, Basis.LAB, BEFORE, AFTER, agrees=False, is_drawn=True)
NUMBER, ORIGIN = ClaimKind.RATED_NUMBER, ClaimKind.ORIGIN


def found(kind, links=(), findings=()) -> tuple[Status, Because]:
    standing = status(kind, links, findings, DAY)
    return standing.status, standing.because


@pytest.mark.row("A2.1")
class TestTheStatusOfAClaim:
    @pytest.mark.parametrize(
        ("kind", "links", "expected"),
        [
            (NUMBER, [], (Status.UNSUPPORTED, Because.NOTHING)),
            (NUMBER, [STATED], (Status.DECLARED, Because.STATED)),
            (NUMBER, [STATED, PAPER], (Status.DOCUMENTED, Because.DOCUMENT)),
            (NUMBER, [STATED, LICENCE], (Status.DOCUMENTED, Because.CERTIFICATE)),
            (NUMBER, [SENT_IN], (Status.DOCUMENTED, Because.SUBMITTED_SAMPLE)),
            (NUMBER, [PAPER, DRAWN], (Status.LAB_VERIFIED, Because.DRAWN_SAMPLE)),
            (NUMBER, [PAPER, OTHERWISE], (Status.REFUTED, Because.MEASURED_OTHERWISE)),
            (NUMBER, [Link(2, Basis.DOCUMENT, BEFORE, BEFORE), STATED], (Status.EXPIRED, Because.RAN_OUT)),
            (NUMBER, [Link(2, Basis.CERTIFICATE, BEFORE, AFTER, holds=False)], (Status.EXPIRED, Because.TAKEN_AWAY)),
            (NUMBER, [Link(2, Basis.DOCUMENT, AFTER)], (Status.UNSUPPORTED, Because.NOTHING)),
            (ORIGIN, [DRAWN], (Status.UNSUPPORTED, Because.OTHER_KIND)),
            (ORIGIN, [DRAWN, STATED], (Status.DECLARED, Because.OTHER_KIND)),
            (ClaimKind.CERTIFICATE, [PAPER, STATED], (Status.DECLARED, Because.OTHER_KIND)),
        ],
    )
    def test_follows_from_its_evidence(self, kind, links, expected):
        assert found(kind, links) == expected
        assert found(kind, list(reversed(links))) == expected

    @pytest.mark.parametrize(
        ("findings", "expected", "alleged"),
        [
            ([Finding(1, Grade.ALLEGED, BEFORE)], Status.DOCUMENTED, (1,)),
            ([Finding(1, Grade.ALLEGED, BEFORE), Finding(2, Grade.CONFIRMED, DAY)], Status.REFUTED, ()),
            ([Finding(1, Grade.CONFIRMED, BEFORE), Finding(2, Grade.REFUTED, DAY)], Status.DOCUMENTED, ()),
            ([Finding(1, Grade.REFUTED, BEFORE), Finding(2, Grade.ALLEGED, DAY)], Status.DOCUMENTED, (2,)),
        ],
    )
    def test_keeps_allegation_confirmation_and_refutation_apart(self, findings, expected, alleged):
        standing = status(NUMBER, [PAPER], findings, DAY)

        assert (standing.status, standing.alleged) == (expected, alleged)

    def test_is_healed_by_a_newer_value_and_not_by_time(self):
        old = Link(6, Basis.LAB, BEFORE, BEFORE, agrees=False, is_drawn=True)
        newer = Link(7, Basis.LAB, DAY, AFTER, is_drawn=True)

        assert found(NUMBER, [old, PAPER])[0] is Status.REFUTED
        assert found(NUMBER, [old, newer])[0] is Status.LAB_VERIFIED

    @pytest.mark.parametrize(
        ("links", "until"),
        [([PAPER], None), ([LICENCE], AFTER), ([LICENCE, PAPER], None), ([STATED, Link(9, Basis.DOCUMENT, AFTER)], date(2027, 10, 31))],
    )
    def test_says_until_when_it_is_sure(self, links, until):
        assert status(NUMBER, links, [], DAY).until == until

    def test_names_for_every_kind_what_could_support_it(self):
        assert SUPPORT.keys() == set(ClaimKind)
        assert all(bases and Basis.STATED not in bases for bases in SUPPORT.values())


@pytest.mark.row("A2.1")
class TestTheKnownCases:
    def test_of_300_w_on_a_motor_of_105_w_that_an_authority_found_in_order(self):
        claimed = Decimal(300)
        label = compare(Measured.RATED_POWER, claimed, "W", Decimal(105), "W")
        links = [STATED, Link(8, Basis.LAB, BEFORE, AFTER)]  # the maker's report: a sample that was sent in
        alleged, cleared = Finding(1, Grade.ALLEGED, BEFORE), Finding(2, Grade.REFUTED, DAY)

        assert label is not None
        assert not label.agrees
        assert found(NUMBER, links, [alleged]) == (Status.DOCUMENTED, Because.SUBMITTED_SAMPLE)
        assert status(NUMBER, links, [alleged, cleared], DAY).alleged == ()

    def test_of_cashmere_without_any(self):
        measured = compare(Measured.FIBRE_CONTENT, Decimal(5), "%", Decimal(0), "%")

        assert measured is not None
        assert not measured.agrees

    def test_of_plant_fibre_that_is_synthetic(self):
        lab = Link(1, Basis.LAB, BEFORE, AFTER, agrees=False, is_drawn=True)

        assert found(ClaimKind.COMPOSITION, [STATED, PAPER, lab])[0] is Status.REFUTED

    def test_of_wild_shrimp_that_no_test_can_prove_and_a_court_decided(self):
        printed = [STATED, DRAWN]

        assert found(ORIGIN, printed) == (Status.DECLARED, Because.OTHER_KIND)
        assert found(ORIGIN, [*printed, PAPER])[0] is Status.DOCUMENTED
        assert found(ORIGIN, [*printed, PAPER], [Finding(1, Grade.CONFIRMED, DAY)])[0] is Status.REFUTED


class TestAMeasuredValue:
    @pytest.mark.parametrize(
        ("of", "claimed", "unit", "measured", "measured_unit", "agrees"),
        [
            (Measured.RATED_POWER, "300", "W", "270", "W", True),
            (Measured.RATED_POWER, "300", "W", "269.9", "W", False),
            (Measured.RATED_POWER, "0.3", "kW", "345", "W", True),
            (Measured.RATED_POWER, "300", "W", "346", "W", False),
            (Measured.FIBRE_CONTENT, "70", "%", "65", "%", True),
            (Measured.FIBRE_CONTENT, "70", "%", "64.9", "%", False),
            (Measured.FIBRE_CONTENT, "10", "%", "6.9", "%", False),
            (Measured.FIBRE_CONTENT, "3", "%", "0.1", "%", True),
            (Measured.FILLING_CONTENT, "90", "%", "80", "%", True),
            (Measured.NET_CONTENT, "1", "kg", "969", "g", False),
            (Measured.AT_LEAST, "5", "mAh", "5", "mAh", True),
            (Measured.AT_MOST, "5", "dB", "6", "dB", False),
        ],
    )
    def test_is_held_against_the_tolerance_of_its_property(self, of, claimed, unit, measured, measured_unit, agrees):
        comparison = compare(of, Decimal(claimed), unit, Decimal(measured), measured_unit)

        assert comparison is not None
        assert comparison.agrees is agrees

    def test_of_another_thing_is_no_comparison(self):
        assert compare(Measured.RATED_POWER, Decimal(300), "W", Decimal(300), "g") is None

    def test_is_read_as_laboratories_write_it(self):
        found = [read(text, "W") for text in ("105", "0.30", "未检出", "ND", "<0.1", "0.3 kW", "105W", "pass", "1;2")]
        assert found == [(105, "W"), (Decimal("0.30"), "W"), (0, "W"), (0, "W"), (0, "W"), (Decimal("0.3"), "kW"), (105, "W"), None, None]

    def test_answers_the_claim_about_the_same_property(self):
        assert answers(Measured.RATED_POWER, "kitchen-rated-power", "额定功率", "")
        assert answers(Measured.FIBRE_CONTENT, "textile-fibre-content-cashmere", "山羊绒", "山羊绒")
        assert not answers(Measured.FIBRE_CONTENT, "textile-fibre-content-cashmere", "山羊绒", "大豆纤维")
        assert not answers(Measured.RATED_POWER, "textile-ph", "pH", "")
