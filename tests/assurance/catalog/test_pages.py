"""The streamer's pages: who sees what, in constant queries, with the badge as it is now."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from assurance.catalog import actions
from assurance.catalog.models import CatalogEntry
from assurance.gates.actions import open_stop
from tests import offers
from tests.doors import HTMX, Api, browser, queries_after
from tests.factories import NOON

pytestmark = pytest.mark.django_db
SEARCH = "/catalogue/"


@pytest.fixture
def team(db):
    return offers.floor()


@pytest.fixture
def three(db, amal, team):
    """Two products that are offered and one that is only listed."""
    offers.offered(amal, team=team, name="洁面", name_en="", price="59.90", commission_rate="0.2")
    offers.offered(amal, team=team, name="面霜", name_en="", price="128.00", commission_rate="0.3")
    offers.listed(amal.organisation, name="坚果", name_en="", price="39.00")


@pytest.fixture
def two(db, amal, team):
    """A cheap product with many units and a dear one with few."""
    offers.offered(amal, team=team, name="便宜", name_en="", price="9.90", commission_rate="0.1", units=900)
    offers.offered(amal, team=team, name="贵", name_en="", price="99.00", commission_rate="0.4", units=100)


class TestTheSearch:
    @pytest.mark.row("P12.1")
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", {"面霜", "洁面", "坚果"}),
            ("?q=面", {"面霜", "洁面"}),
            ("?price_from=50&price_to=100", {"洁面"}),
            ("?commission_from=25", {"面霜"}),
            ("?in_stock=on", {"面霜", "洁面"}),
            ("?valid=on", {"面霜", "洁面"}),
            ("?strength=1", {"面霜", "洁面"}),
            ("?strength=2", set()),
            ("?days=365", {"面霜", "洁面", "坚果"}),
            ("?days=1000", {"坚果"}),
        ],
    )
    def test_narrows_as_asked(self, three, mei, query, found):
        response = browser(mei).get(SEARCH + query)

        assert {one.entry.name for one in response.context["rows"]} == found

    @pytest.mark.parametrize(
        ("sort", "first"), [("price", "便宜"), ("-price", "贵"), ("-commission", "贵"), ("-stock", "便宜"), ("name", "便宜"), ("new", "贵")]
    )
    def test_orders_as_asked(self, two, mei, sort, first):
        assert browser(mei).get(f"{SEARCH}?sort={sort}").context["rows"][0].entry.name == first

    def test_refuses_nonsense_and_gives_htmx_only_the_rows(self, amal, mei):
        offers.listed(amal.organisation)
        page = browser(mei)

        assert page.get(f"{SEARCH}?sort=cost").status_code == 400
        rows = page.get(SEARCH, headers=HTMX).content.decode()
        assert ("<header" in rows, "w-card" in rows) == (False, True)

    def test_costs_the_same_queries_for_one_product_as_for_many(self, amal, mei, team):
        page = browser(mei)
        one = queries_after(lambda: offers.offered(amal, team=team), page, SEARCH)
        many = queries_after(lambda: [offers.offered(amal, team=team) for _ in range(6)], page, SEARCH)

        assert many == one

    def test_judges_every_badge_anew(self, amal, mei, team):
        entry = offers.offered(amal, team=team)
        open_stop(merchant_id=entry.merchant_id, product_id=entry.product_id, code="c", because="x", actor=None, at=timezone.now())
        assert CatalogEntry.objects.get().badge_status == "valid"  # the row does not know yet

        html = browser(mei).get(SEARCH).content.decode()

        assert "Its badge is suspended." in html

    def test_shows_commission_but_neither_cost_nor_margin(self, amal, mei):
        offers.listed(amal.organisation, cost="12.34", commission_rate="0.2")

        html = browser(mei).get(SEARCH).content.decode()

        assert ("20%" in html, "12.34" in html) == (True, False)

    def test_is_the_same_as_a_table(self, amal, mei):
        entry = offers.listed(amal.organisation)

        assert f"/catalogue/{entry.pk}/" in browser(mei).get(f"{SEARCH}?view=table").content.decode()


class TestWhatIsListed:
    def test_is_seen_by_streamers_and_oversight_not_by_merchants(self, amal, chidi, mei, eve):
        entry = offers.listed(amal.organisation)
        url = reverse("catalog:show", args=[entry.pk])

        assert [browser(who).get(url).status_code for who in (mei, eve, amal, chidi)] == [200, 200, 403, 403]

    def test_is_gone_for_streamers_when_it_left(self, amal, mei):
        entry = offers.listed(amal.organisation)
        CatalogEntry.objects.update(is_listed=False)

        assert browser(mei).get(reverse("catalog:show", args=[entry.pk])).status_code == 404


@pytest.mark.row("P12.2")
class TestComparing:
    def test_lays_up_to_five_side_by_side(self, amal, mei):
        numbers = [offers.listed(amal.organisation, name=f"商品{n}", name_en="").pk for n in range(7)]
        page = browser(mei)

        response = page.post(reverse("catalog:choose"), {"compare": "1", "entry": numbers})

        shown = page.get(response.url)
        assert [one.entry.pk for one in shown.context["rows"]] == numbers[:5]
        assert shown.content.decode().count('<th scope="col">') == 5

    def test_of_nothing_says_what_to_do(self, mei):
        assert "Nothing to compare" in browser(mei).get(reverse("catalog:compare") + "?entries=x").content.decode()


class TestAList:
    def test_belongs_to_the_studio(self, amal, mei, max_, eve):
        made = actions.make_list(name="今晚", actor=mei, at=NOON)
        url = reverse("catalog:list", args=[made.pk])

        assert [browser(who).get(url).status_code for who in (mei, max_, eve)] == [200, 404, 200]

    def test_takes_and_gives_back_by_the_page(self, amal, mei, team):
        entry = offers.offered(amal, team=team)
        made = actions.make_list(name="今晚", actor=mei, at=NOON)
        page = browser(mei)

        page.post(reverse("catalog:choose"), {"list": made.pk, "entry": [entry.pk]})
        assert made.selections.count() == 1
        page.post(reverse("catalog:take-off", args=[made.pk]), {"entry": [entry.pk]})

        assert made.selections.count() == 0

    def test_answers_409_with_the_reason(self, amal, mei):
        entry = offers.listed(amal.organisation)
        made = actions.make_list(name="今晚", actor=mei, at=NOON)

        response = browser(mei).post(reverse("catalog:choose"), {"list": made.pk, "entry": [entry.pk]})

        assert response.status_code == 409
        assert "no badge yet" in response.content.decode()


class TestTheTalkSheetPage:
    def test_keeps_what_a_streamer_saw_and_nothing_for_others(self, amal, mei, eve, team):
        entry = offers.offered(amal, team=team)
        url = reverse("catalog:talk-sheet", args=[entry.pk])

        browser(eve).get(url)
        assert Api(mei).get("/talk-sheets/").json()["count"] == 0
        page = browser(mei)
        shown = page.get(url).context["shown"]

        kept = page.get(reverse("catalog:kept-sheet", args=[shown.pk])).content.decode()
        assert shown.sheet.sha256 in kept
        assert Api(mei).get("/talk-sheets/").json()["count"] == 1

    def test_checks_a_script_beside_it(self, amal, mei, team):
        entry = offers.offered(amal, team=team)

        html = browser(mei).post(reverse("catalog:talk-sheet", args=[entry.pk]), {"script": "最好的洁面"}, headers=HTMX).content.decode()

        assert "<mark" in html
        assert "Advertising Law, article 9 (3)" in html
