"""Fees on pages: who pays sees every line with its sum and source, who keeps the books decides."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from assurance.accounts.models import User
from assurance.fees import actions, queries
from assurance.fees.models import CreditNote, Dispute, FeeLine, RatingDue, Statement
from assurance.runs.models import Run
from tests import goods
from tests.charges import charged, metered, told
from tests.doors import HTMX, browser, queries_after
from tests.factories import NOON

pytestmark = [pytest.mark.usefixtures("prices"), pytest.mark.row("P15.6")]


def address(name, *args):
    return reverse(f"fees:{name}", args=args)


class TestTheList:
    def test_shows_a_merchant_his_own_months_only(self, amal, chidi, other_merchant):
        charged(told(amal.organisation_id), told(other_merchant.pk, at=NOON.replace(month=9)))

        mine = browser(amal).get(address("list"))
        theirs = browser(chidi).get(address("list"))

        assert [one.month for one in mine.context["page"]] == [date(2026, 10, 1)]
        assert [one.month for one in theirs.context["page"]] == [date(2026, 9, 1)]
        assert "0.60" in mine.text

    def test_finds_a_merchant_for_finance(self, amal, fay, other_merchant):
        charged(told(amal.organisation_id), told(other_merchant.pk))

        page = browser(fay).get(address("list"), {"q": "禾见", "state": "draft", "month": "2026-10"}, headers=HTMX)

        assert [one.merchant_id for one in page.context["page"]] == [amal.organisation_id]
        assert browser(fay).get(address("list"), {"month": "2026-13"}).status_code == 400

    def test_asks_no_more_for_many_rows(self, amal, fay):
        page = browser(fay)
        few = queries_after(lambda: charged(told(amal.organisation_id)), page, address("list"))
        later = (told(amal.organisation_id, at=NOON.replace(year=2020 + n // 12, month=n % 12 + 1)) for n in range(20))

        assert queries_after(lambda: charged(*later), page, address("list")) == few


class TestAStatement:
    def test_shows_every_line_with_its_sum_and_opens_its_source(self, amal):
        """Peers' bug 19: no amount leads to an empty page."""
        product = goods.product(amal.organisation)
        [line] = charged(told(amal.organisation_id, "outbound_operation", quantity=3, source_id=product.pk))

        html = browser(amal).get(address("statement", line.statement_id)).text

        assert "2.20 + 2 × 0.35 = 2.90" in html
        assert f'href="{reverse("products:show", args=[product.pk])}"' in html
        assert f'href="{address("line", line.pk)}"' in html

    def test_is_not_there_for_another_merchant(self, amal, chidi):
        [line] = charged(told(amal.organisation_id))

        for name in ("statement", "csv", "bundle"):
            assert browser(chidi).get(address(name, line.statement_id)).status_code == 404
        assert browser(chidi).get(address("line", line.pk)).status_code == 404
        assert browser(chidi).post(address("dispute-line", line.pk), {"reason": "x"}).status_code == 404
        assert not Dispute.objects.exists()

    def test_asks_no_more_for_many_lines(self, amal):
        [line] = charged(told(amal.organisation_id, source_id=goods.product(amal.organisation).pk))
        page, url = browser(amal), address("statement", line.statement_id)
        few = queries_after(lambda: None, page, url)
        many = [told(amal.organisation_id, "inbound_check", source_id=goods.product(amal.organisation).pk) for _ in range(20)]

        assert queries_after(lambda: charged(*many), page, url) == few

    def test_comes_as_a_file_that_adds_up(self, amal):
        [line, *_] = charged(*(told(amal.organisation_id, "outbound_operation", quantity=n) for n in range(1, 9)))

        answer = browser(amal).get(address("csv", line.statement_id))
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

        assert len(rows) == 8
        assert sum(Decimal(row["amount"]) for row in rows) == sum(one.amount for one in FeeLine.objects.all())
        assert rows[0]["formula"] == "2.20 + 0 × 0.35 = 2.20"

    def test_is_closed_by_finance(self, amal, fay):
        [line] = charged(told(amal.organisation_id))
        assert browser(amal).post(address("finalise", line.statement_id)).status_code == 403

        answer = browser(fay).post(address("finalise", line.statement_id), follow=True)

        found = Statement.objects.get()
        assert found.state == "final"
        assert "never changes" in answer.text
        assert found.digest in answer.text


class TestThePreview:
    @pytest.mark.row("P15.4")
    def test_prices_what_waits_and_stores_nothing(self, amal):
        charged(told(amal.organisation_id))
        metered(told(amal.organisation_id, "outbound_operation", quantity=3))
        before = (FeeLine.objects.count(), RatingDue.objects.count(), Statement.objects.count())

        found = queries.preview(amal, at=NOON.replace(month=10))

        assert (found.charged, found.expected, found.total) == (Decimal("0.60"), Decimal("2.90"), Decimal("3.50"))
        assert [line.formula for line in found.waiting] == ["2.20 + 2 × 0.35 = 2.90"]
        assert (FeeLine.objects.count(), RatingDue.objects.count(), Statement.objects.count()) == before
        actions.rate_due(at=NOON)
        assert queries.preview(amal, at=NOON.replace(month=10)).total == found.total

    def test_expects_what_is_late_in_the_next_month(self, amal, fay):
        [line] = charged(told(amal.organisation_id))
        actions.finalise([line.statement], actor=fay, at=NOON)
        metered(told(amal.organisation_id))

        assert queries.preview(amal, at=NOON).expected == Decimal("0.60")
        assert queries.preview(amal, at=NOON.replace(month=10)).waiting == []

    def test_is_a_page_of_the_merchant(self, amal, fay):
        assert browser(amal).get(address("preview")).status_code == 200
        assert browser(fay).get(address("preview")).status_code == 403


class TestADispute:
    def test_goes_from_the_line_to_the_credit_note(self, amal, fay):
        [line] = charged(told(amal.organisation_id, "outbound_operation", quantity=3))
        merchant, finance = browser(amal), browser(fay)

        assert merchant.post(address("dispute-line", line.pk), {"reason": " "}).status_code == 422
        answer = merchant.post(address("dispute-line", line.pk), {"reason": "只有一件"}, follow=True)
        dispute = Dispute.objects.get()
        assert dispute.code in answer.text
        assert merchant.post(address("decide", dispute.pk), {"answer": "行", "verdict": "accept"}).status_code == 403
        assert "只有一件" in finance.get(address("dispute", dispute.pk)).text
        assert finance.post(address("decide", dispute.pk), {"answer": "", "verdict": "accept"}).status_code == 422
        finance.post(address("decide", dispute.pk), {"answer": "两件多算", "amount": "0.70", "verdict": "accept"})

        note = CreditNote.objects.get()
        assert (str(note.amount), note.reason) == ("0.70", "两件多算")
        html = merchant.get(address("dispute", dispute.pk)).text
        assert "两件多算" in html
        assert note.code in html

    def test_may_be_rejected_with_an_answer(self, amal, fay):
        [line] = charged(told(amal.organisation_id))
        [opened] = actions.dispute([line], reason="贵", actor=amal, at=NOON)

        browser(fay).post(address("decide", opened.pk), {"answer": "按价目", "verdict": "reject"})

        opened.refresh_from_db()
        assert (opened.state, opened.answer) == ("rejected", "按价目")
        assert [one.pk for one in browser(amal).get(address("disputes")).context["page"]] == [opened.pk]


class TestTheBooks:
    def test_start_a_fee_run_that_rates_everything_and_names_what_has_no_price(self, amal, fay):
        metered(*(told(amal.organisation_id) for _ in range(3)), told(amal.organisation_id, "lab_test"))

        browser(fay).post(address("start-run"))
        work_through(Run.objects.get())

        run = Run.objects.get()
        assert (run.state, run.done, run.errors, FeeLine.objects.count()) == ("done", 4, 1, 3)
        assert run.result is not None
        assert "The operation does not say: cost" in browser(fay).get(address("unrated")).text

    def test_close_a_month_for_all_but_those_with_something_without_a_price(self, amal, fay, other_merchant):
        charged(told(amal.organisation_id), told(other_merchant.pk))
        metered(told(other_merchant.pk))

        browser(fay).post(address("close-month"), {"month": "2026-10"})
        work_through(Run.objects.get())

        run = Run.objects.get()
        assert (run.state, run.done, run.errors) == ("done", 2, 1)
        assert dict(Statement.objects.values_list("merchant_id", "state")) == {amal.organisation_id: "final", other_merchant.pk: "draft"}

    def test_refuse_a_month_that_is_not_over(self, fay):
        assert browser(fay).post(address("close-month"), {"month": "2099-01"}).status_code == 409
        assert browser(fay).post(address("close-month"), {"month": "2026"}).status_code == 422

    def test_show_what_things_cost_and_that_these_are_examples(self, amal):
        html = browser(amal).get(address("cards")).text

        assert "Example rates (January 2026)" in html
        assert "¥2.20 + ¥0.35" in html


class TestTheSimulator:
    def test_works_a_price_out_by_the_card_of_today(self, amal):
        page = browser(amal).get(address("simulator"), {"price": "59.90", "cost": "21.40"})

        assert page.status_code == 200
        assert "2.20 + 0 × 0.35 = 2.20" in page.text
        assert page.context["outcome"].margin > 0

    def test_is_for_who_may_see_costs(self, ann: User, fay: User):
        assert browser(ann).get(address("simulator")).status_code == 403
        assert browser(fay).get(address("simulator")).status_code == 403

    def test_says_beside_the_field_what_is_wrong(self, amal):
        assert browser(amal).get(address("simulator"), {"price": "x"}).status_code == 422


def work_through(run: Run) -> None:
    from assurance.runs.actions import advance

    while Run.objects.get(pk=run.pk).is_open:
        advance(run_id=run.pk, at=NOON)
