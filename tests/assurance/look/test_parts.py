"""What the parts of pages write."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.paginator import Paginator
from django.template import RequestContext, Template
from django.utils import timezone, translation

from assurance.enrollment.models import Enrolment
from assurance.templatetags import ui
from tests.assurance.look.drawing import text_of, written

NOW = datetime(2026, 11, 22, 15, 12, 8, tzinfo=UTC)


class TestAnIcon:
    def test_is_drawn_inline_and_hidden_from_readers_of_the_screen(self):
        svg = written('{% icon "truck" size="s" %}')

        assert svg.startswith('<svg class="w-i w-i-s" viewBox="0 0 24 24"')
        assert 'aria-hidden="true"' in svg
        assert " style=" not in svg

    def test_that_does_not_exist_is_an_error(self):
        with pytest.raises(KeyError):
            written('{% icon "outline/truck-of-dreams" %}')


class TestAState:
    def test_shows_colour_icon_and_word_together(self, english):
        html = written("{% state thing %}", thing=Enrolment(state="needs_changes"))

        assert html.startswith('<span class="w-pill w-hold"><svg')
        assert text_of(html) == "Needs changes"

    def test_carries_a_note(self, english):
        assert text_of(written('{% state thing note="137/200" %}', thing=Enrolment(state="draft"))) == "Draft 137/200"

    def test_nobody_dressed_is_an_error(self):
        with pytest.raises(KeyError):
            written("{% state thing %}", thing=Enrolment(state="lost"))

    def test_of_a_bare_value_is_worded_by_its_column(self, english):
        assert text_of(written('{% state_of "warehouse.stockmove.target" "held" %}')) == "On hold"

    def test_escapes_what_it_shows(self):
        assert "<b>" not in written('{% pill "run" word %}', word="<b>")


class TestTheSeal:
    @pytest.mark.parametrize("status", ["valid", "none", "stopped", "expired", "revoked"])
    def test_has_a_shape_and_a_sentence_for_every_status(self, status, language):
        html = written("{% seal status sides %}", status=status, sides="1111")

        assert f"seal.svg#{status}" in html
        assert 'role="img"' in html
        assert 'aria-label=""' not in html

    def test_greys_the_sides_without_proof(self, english):
        html = written("{% seal 'valid' sides %}", sides=[True, True, False, True])

        assert 'class="w-seal w-side-off-3"' in html
        assert "Seal valid, 3 of 4 proofs: inbound, laboratory, returns" in html

    def test_shows_no_sides_when_it_does_not_hold(self):
        assert "w-side-off" not in written("{% seal 'stopped' '0000' %}")

    @pytest.mark.parametrize("sides", ["111", "11111", [True]])
    def test_has_four_sides(self, sides):
        with pytest.raises(ValueError, match="four sides"):
            written("{% seal 'valid' sides %}", sides=sides)

    def test_of_an_unknown_status_is_an_error(self):
        with pytest.raises(KeyError):
            written("{% seal 'perhaps' '1111' %}")


class TestMoney:
    @pytest.mark.parametrize(
        ("amount", "shown"),
        [("12846.3", "¥12,846.30"), ("0", "¥0.00"), ("-59.90", "\N{MINUS SIGN}¥59.90"), ("0.01", "¥0.01"), ("-0.00", "¥0.00")],
    )
    def test_has_two_decimals_and_a_true_minus(self, amount, shown):
        assert text_of(written("{% money amount %}", amount=Decimal(amount))) == shown

    def test_can_show_the_plus(self):
        assert text_of(written("{% money amount sign=True %}", amount=Decimal(5))) == "+¥5.00"

    def test_that_is_not_there_is_a_dash(self):
        assert text_of(written("{% money amount %}", amount=None)) == "\N{EN DASH}"

    def test_is_never_a_float(self):
        with pytest.raises(TypeError):
            written("{% money amount %}", amount=12.3)


class TestAMoment:
    @pytest.fixture(autouse=True)
    def _now(self, monkeypatch):
        monkeypatch.setattr(timezone, "now", lambda: NOW)

    @pytest.mark.parametrize(
        ("form", "chinese", "english"),
        [
            ("short", "11-22 23:12", "22 Nov 23:12"),
            ("full", "2026-11-22 23:12:08", "22 Nov 2026 23:12:08"),
            ("day", "11-22", "22 Nov"),
            ("long", "2026年11月22日", "22 November 2026"),
        ],
    )
    def test_is_written_in_the_readers_language_and_zone(self, form, chinese, english):
        shown = {}
        for language in ("zh-hans", "en"):
            with translation.override(language), timezone.override(ZoneInfo("Asia/Shanghai")):
                shown[language] = text_of(written("{% when at form %}", at=NOW, form=form))

        assert shown == {"zh-hans": chinese, "en": english}

    def test_of_another_year_names_it(self, chinese):
        with timezone.override(ZoneInfo("Asia/Shanghai")):
            assert text_of(written("{% when at %}", at=NOW.replace(year=2025))) == "2025-11-22 23:12"

    def test_can_be_read_by_programs(self):
        with timezone.override(ZoneInfo("America/New_York")):
            html = written("{% when at %}", at=NOW)

        assert 'datetime="2026-11-22T10:12:08-05:00"' in html
        assert 'title="2026-11-22 10:12:08 EST"' in html

    def test_that_is_a_day_has_no_zone(self, chinese):
        with timezone.override(ZoneInfo("America/New_York")):
            assert written("{% when day %}", day=date(2026, 9, 18)) == '<time class="w-num" datetime="2026-09-18">2026-09-18</time>'


class TestTimeLeft:
    @pytest.mark.parametrize(
        ("ahead", "tone", "words"),
        [
            (timedelta(days=1, hours=18, minutes=5), "w-due", "1 day 18 hours left"),
            (timedelta(hours=5, minutes=18), "w-due w-hold", "5 hours 18 minutes left"),
            (timedelta(hours=2), "w-due w-hold", "2 hours left"),
            (timedelta(seconds=30), "w-due w-hold", "0 minutes left"),
            (timedelta(minutes=-12), "w-due w-fail", "12 minutes late"),
            (timedelta(days=-3), "w-due w-fail", "3 days late"),
        ],
    )
    def test_is_told_in_two_units_and_turns_amber_then_red(self, english, ahead, tone, words):
        html = written("{% left due now %}", due=NOW + ahead, now=NOW)

        assert text_of(html) == words
        assert f'class="{tone}"' in html


class TestATally:
    def test_has_a_cell_for_every_defect_up_to_the_one_that_rejects(self):
        html = written('{% tally "Major" 2 6 tone="hold" adding=1 %}')

        assert html.count("<i") == 6
        assert html.count("w-cell-on") == 2
        assert html.count("w-cell-adding") == 1
        assert html.count("w-cell-limit") == 1
        assert "w-tally-over" not in html

    def test_says_when_the_limit_is_reached(self):
        assert "w-tally-over" in written('{% tally "Critical" 1 1 %}')

    def test_becomes_a_bar_where_cells_would_be_too_small(self):
        html = written('{% tally "Minor" 3 40 %}')

        assert "<progress" in html
        assert "w-cell-on" not in html


class TestPages:
    def test_keep_what_else_was_asked_for(self, rf, english):
        page = Paginator(range(100), 10).page(5)

        context = RequestContext(rf.get("/?q=tea&page=5"), {"page": page})
        html = Template('{% include "ui/pagination.html" with page=page target="#rows" %}').render(context)

        assert 'href="?q=tea&amp;page=6"' in html
        assert '<b aria-current="page">5</b>' in html
        assert "41–50 of 100" in html

    def test_of_a_short_list_are_not_shown(self):
        assert written('{% include "ui/pagination.html" with page=page %}', page=Paginator(range(3), 10).page(1)) == ""

    def test_leave_a_gap_where_there_are_many(self):
        assert ui.page_numbers(Paginator(range(2048), 24), 7) == [1, 0, 6, 7, 8, 0, 86]


class TestProgress:
    def run(self, **changes):
        given = {"pk": 3, "label": "Import", "done": 6120, "total": 9800, "errors": 0, "is_open": True, "ends_in": 40}
        return SimpleNamespace(**given | {"url": "/r/3/", "cancel_url": "/r/3/cancel/", "errors_url": "", "result_url": ""} | changes)

    def shown(self, **changes):
        return written('{% include "ui/_progress.html" with run=run %}', run=self.run(**changes))

    def test_asks_for_itself_while_the_work_goes_on(self, english):
        html = self.shown()

        assert 'hx-get="/r/3/" hx-trigger="every 2s"' in html
        assert '<progress class="w-meter w-run" value="6120" max="9800"' in html
        assert "6,120 / 9,800" in html
        assert 'hx-post="/r/3/cancel/"' in html

    def test_stops_asking_when_the_work_is_done(self):
        html = self.shown(is_open=False, done=9800, result_url="/f/9/")

        assert "hx-get" not in html
        assert "w-meter w-pass" in html
        assert 'href="/f/9/"' in html

    def test_offers_the_rows_that_failed(self, english):
        html = self.shown(is_open=False, errors=14, errors_url="/f/8/")

        assert "14 rows failed" in html
        assert 'href="/f/8/"' in html


class TestARowOfFacts:
    def test_shows_a_dash_for_nothing_and_nought_for_nought(self):
        assert text_of(written('{% row "Lot" value %}', value=None)) == "Lot\N{EN DASH}"
        assert text_of(written('{% row "Lot" value %}', value=0)) == "Lot0"

    def test_writes_days_as_days(self, chinese):
        assert text_of(written('{% row "Made" value %}', value=date(2026, 9, 18))) == "Made2026-09-18"
