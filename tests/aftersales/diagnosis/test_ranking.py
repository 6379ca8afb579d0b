"""Ranked causes from what the records say."""

from __future__ import annotations

import pytest

from aftersales.diagnosis import queries, ranking
from aftersales.diagnosis.ranking import BASE, Facts, hundredths, rank


class TestRanking:
    def test_blames_the_courier_for_its_own_incident(self) -> None:
        first, *others = rank(Facts("damaged", incident="damaged", incident_party="courier", outbound="passed"))

        assert (first.liable, first.share) == ("courier", 87)
        assert [one.message for one in first.speaks_for] == [ranking.INCIDENT]
        assert [(one.liable, one.share) for one in others] == [("merchant", 13)]

    def test_blames_the_merchant_where_the_lot_is_bad(self) -> None:
        facts = Facts("quality", outbound="passed", inspected=125, failing=1, lab_failed=True, cases_of_lot=8)

        first = rank(facts)[0]

        assert (first.liable, first.share) == ("merchant", 93)
        assert [one.message for one in first.speaks_for] == [ranking.FOUND_ON_ARRIVAL, ranking.LAB_FAILED, ranking.SAME_LOT]

    def test_shows_what_speaks_against(self) -> None:
        causes = {one.liable: one for one in rank(Facts("quality", inspected=125, lab_failed=False, cases_of_lot=0))}

        against = [one.message for one in causes["merchant"].speaks_against]
        assert against == [ranking.CLEAN_ON_ARRIVAL, ranking.LAB_PASSED, ranking.ONLY_ONE]

    def test_believes_what_came_back(self) -> None:
        assert rank(Facts("damaged", return_grade="a"))[0].liable == "courier"
        assert rank(Facts("wrong_item", return_grade="d", return_party="consumer"))[0].liable == "consumer"

    @pytest.mark.parametrize("kind", sorted(BASE))
    def test_adds_up_to_a_hundred(self, kind: str) -> None:
        for facts in (Facts(kind), Facts(kind, days_late=3, hours_handed_over_late=20, outbound="failed", cases_of_lot=2)):
            assert sum(one.share for one in rank(facts)) == 100

    def test_knows_the_kinds_of_cases(self) -> None:
        assert rank(Facts("late", is_delivered_in_time=True, outbound="passed"))[0].liable == "courier"
        with pytest.raises(ValueError, match="no rules for cases of weather"):
            rank(Facts("weather"))

    def test_splits_by_largest_remainder(self) -> None:
        assert hundredths({"a": 1, "b": 1, "c": 1}) == {"a": 34, "b": 33, "c": 33}


class TestTheSentences:
    def test_are_those_that_are_marked_for_translation(self) -> None:
        written = {value for name, value in vars(ranking).items() if name.isupper() and isinstance(value, str) and name != "Party"}

        assert written == set(queries.MARKED)
