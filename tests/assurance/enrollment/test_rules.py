"""Reasons, snapshots, states: what is decided without looking anything up."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from assurance.enrollment import snapshot
from assurance.enrollment.lifecycle import EDITABLE, NEXT, OPEN, EnrolmentState
from assurance.enrollment.models import REASON_CODES
from assurance.enrollment.queries import MARKS
from assurance.enrollment.reasons import CODES, Reason, flaw
from assurance.states import STATES

FIELDS = ("name", "gtin", "picture")


@pytest.mark.row("P1.2")
class TestReasons:
    @pytest.mark.parametrize(
        ("reasons", "found"),
        [
            ([], ("reasons", "reason_required")),
            ([Reason("colour", "missing")], ("reasons.0.field", "unknown_reason_field")),
            ([Reason("name", "ugly")], ("reasons.0.code", "unknown_reason")),
            ([Reason("name", "other", "  ")], ("reasons.0.words", "words_required")),
            ([Reason("name", "missing"), Reason("name", "missing", "again")], ("reasons.1.code", "duplicate_reason")),
            ([Reason("name", "missing"), Reason("name", "other", "zu kurz"), Reason("picture", "unreadable")], ("", "")),
        ],
    )
    def test_are_given_each_at_something_that_was_submitted(self, reasons, found):
        assert flaw(reasons, FIELDS) == found

    def test_have_words_for_every_code(self):
        assert REASON_CODES.keys() == CODES


class TestASnapshot:
    PRODUCT = SimpleNamespace(
        version=3,
        sku="HJ-1",
        name="洁面乳",
        name_en="",
        specification="120 g",
        gtin="6901234567892",
        no_gtin_reason="",
        shelf_life_days=1095,
        net_weight_g=None,
        gross_weight_g=146,
        length_mm=None,
        width_mm=None,
        height_mm=None,
        price="59.90",
        cost="20.00",
        commission_rate="0.2",
        attributes={"maker": "禾见"},
        category=SimpleNamespace(code="skincare", version="2026-11"),
        picture=SimpleNamespace(pk=7, sha256="ab" * 32),
    )

    def test_holds_every_field_as_text_and_every_file_by_content(self):
        taken = snapshot.of(self.PRODUCT)

        assert (taken["product_version"], taken["category_version"]) == (3, "2026-11")
        assert taken["fields"]["shelf_life_days"] == "1095"
        assert taken["fields"]["attributes.maker"] == "禾见"
        assert taken["files"] == {"picture": {"id": 7, "sha256": "ab" * 32}}
        assert snapshot.names(taken)[-2:] == ["attributes.maker", "picture"]

    @pytest.mark.row("P22.2")
    def test_holds_neither_cost_nor_commission(self):
        assert not {"cost", "commission_rate"} & snapshot.of(self.PRODUCT)["fields"].keys()

    def test_has_a_digest_that_depends_on_what_it_says_only(self):
        taken = snapshot.of(self.PRODUCT)
        turned = dict(reversed(taken.items()))

        assert snapshot.digest(taken) == snapshot.digest(turned) != snapshot.digest(taken | {"product_version": 4})


@pytest.mark.row("P1.1")
class TestTheStates:
    def test_are_the_seven_a_merchant_sees(self):
        assert [*EnrolmentState] == ["draft", "submitted", "needs_changes", "approved", "rejected", "withdrawn", "expired"]

    def test_can_all_be_reached_and_end(self):
        reached = {EnrolmentState.DRAFT}.union(*NEXT.values())

        assert reached == set(EnrolmentState) == NEXT.keys()
        assert {state for state in EnrolmentState if not NEXT[state]} == {"rejected", "withdrawn", "expired"}

    def test_are_open_while_a_step_is_left(self):
        assert {state for state in EnrolmentState if NEXT[state]} == OPEN > EDITABLE

    def test_are_all_drawn(self):
        assert MARKS.keys() == set(EnrolmentState) == STATES["assurance.enrolment.state"].keys()
