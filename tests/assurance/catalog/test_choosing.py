"""Lists of a studio: what can be put there, what cannot and why, in sets."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assurance.catalog import actions
from assurance.catalog.models import Selection
from assurance.events.models import Event
from assurance.gates.actions import open_stop
from tests import offers
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def tonight(mei):
    return actions.make_list(name="今晚", actor=mei, at=NOON)


class TestAList:
    def test_is_called_by_a_name_once_in_a_studio(self, tonight, mei, max_):
        with pytest.raises(actions.ListNameTaken):
            actions.make_list(name="今晚", actor=mei, at=NOON)

        assert actions.make_list(name="今晚", actor=max_, at=NOON).organisation == max_.organisation

    def test_takes_many_at_once_and_the_same_one_once(self, tonight, mei, amal):
        team = offers.floor()
        entries = [offers.offered(amal, team=team) for n in range(3)]

        first = actions.add(list_id=tonight.pk, entries=[*entries, entries[0]], actor=mei, at=timezone.now())
        again = actions.add(list_id=tonight.pk, entries=entries[:2], actor=mei, at=timezone.now())

        assert (first, again, tonight.selections.count()) == (3, 0, 3)
        assert {one.badge for one in tonight.selections.all()} == {entry.badge for entry in entries}
        assert Event.objects.filter(kind="catalog.list.added").count() == 1

    @pytest.mark.row("P12.2")
    def test_takes_six_by_as_many_queries_as_two(self, mei, amal):
        team = offers.floor()
        entries = [offers.offered(amal, team=team) for n in range(6)]

        def queries(some):
            made = actions.make_list(name=f"{len(some)}", actor=mei, at=NOON)
            with CaptureQueriesContext(connection) as counted:
                actions.add(list_id=made.pk, entries=some, actor=mei, at=timezone.now())
            with CaptureQueriesContext(connection) as removing:
                actions.remove(list_id=made.pk, entry_ids=[entry.pk for entry in some], actor=mei, at=timezone.now())
            return len(counted), len(removing)

        assert queries(entries) == queries(entries[:2])

    def test_lets_things_go_and_keeps_it_in_the_trail(self, tonight, mei, amal):
        entry = offers.offered(amal)
        actions.add(list_id=tonight.pk, entries=[entry], actor=mei, at=timezone.now())

        assert actions.remove(list_id=tonight.pk, entry_ids=[entry.pk, 999], actor=mei, at=timezone.now()) == 1
        assert actions.remove(list_id=tonight.pk, entry_ids=[entry.pk], actor=mei, at=timezone.now()) == 0
        assert Event.objects.get(kind="catalog.list.removed").changes == {"products": [[entry.product_id], None]}

    def test_is_of_its_own_studio(self, tonight, mei, max_, amal):
        entry = offers.offered(amal)

        Selection.objects.create(list=tonight, organisation=max_.organisation, entry=entry, added_by=max_, added_at=NOON)

        with pytest.raises(IntegrityError, match="same_owner"), transaction.atomic():
            connection.check_constraints()
        Selection.objects.all().delete()


@pytest.mark.row("P12.4")
class TestWhatCannotBeChosen:
    def test_has_no_stock(self, tonight, mei, amal):
        entry = offers.offered(amal, units=0)

        with pytest.raises(actions.CannotBeChosen, match=r"no stock.*next released lot"):
            actions.add(list_id=tonight.pk, entries=[entry], actor=mei, at=timezone.now())

    def test_has_no_badge_yet(self, tonight, mei, amal):
        with pytest.raises(actions.CannotBeChosen, match="no badge yet"):
            actions.add(list_id=tonight.pk, entries=[offers.listed(amal.organisation)], actor=mei, at=timezone.now())

    def test_is_stopped_although_the_row_does_not_know_yet(self, tonight, mei, amal):
        good, bad = (offers.offered(amal) for n in range(2))
        open_stop(
            merchant_id=bad.merchant_id, product_id=bad.product_id, code="c", because="Being retested.", actor=None, at=timezone.now()
        )

        with pytest.raises(actions.CannotBeChosen, match=r"suspended.*Being retested") as refused:
            actions.add(list_id=tonight.pk, entries=[good, bad], actor=mei, at=timezone.now())

        assert (refused.value.place, tonight.selections.count()) == (1, 0)
