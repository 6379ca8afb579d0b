"""What the scripts of the pages do: answers of htmx, keys and scanners, confirmations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route


def answering(status: int, body: str, **headers: str):
    def answer(route: Route) -> None:
        route.fulfill(status=status, body=body, content_type="text/html; charset=utf-8", headers=headers)

    return answer


class TestAnswersOfHtmx:
    """The server is replayed here: what each answer does to the page is the page's own business."""

    @pytest.fixture
    def page(self, screen):
        page = screen("/guide/parts/")
        page.evaluate("""() => {
            const button = document.createElement("button");
            button.id = "ask"; button.textContent = "ask";
            button.setAttribute("hx-get", "/replayed/"); button.setAttribute("hx-target", "#rows");
            const rows = document.createElement("div"); rows.id = "rows"; rows.textContent = "before";
            document.querySelector("main").prepend(button, rows);
            htmx.process(button);
        }""")
        return page

    def ask(self, page: Page, answer) -> None:
        page.route("**/replayed/", answer)
        page.click("#ask")
        page.locator(".htmx-request").wait_for(state="detached")

    @pytest.mark.parametrize("status", [200, 422, 409, 403])
    def test_are_shown_where_they_were_asked_for(self, page, status):
        self.ask(page, answering(status, "<p>after</p>"))

        assert page.inner_text("#rows") == "after"

    @pytest.mark.parametrize("status", [403, 404, 409, 429, 503])
    def test_that_refuse_stand_on_top_and_leave_the_page_as_it_was(self, page, status):
        self.ask(page, answering(status, '<div class="w-note" role="alert" tabindex="-1" data-problem><p>No.</p></div>'))

        assert page.inner_text("#problem") == "No."
        assert page.inner_text("#rows") == "before"

    def test_that_bring_a_message_show_it_for_a_while(self, page):
        self.ask(page, answering(200, "ok", **{"HX-Trigger": json.dumps({"toast": {"tone": "pass", "text": "Saved <b>"}})}))

        assert page.inner_text("#toasts .w-toast p") == "Saved <b>"
        page.click("#toasts [data-close]")
        assert page.locator("#toasts .w-toast").count() == 0

    def test_of_a_server_that_fails_say_so(self, page):
        self.ask(page, answering(500, "oops"))

        assert page.locator("#toasts .w-fail").count() == 1
        assert page.inner_text("#rows") == "before"


class TestGoingBack:
    def test_asks_for_the_whole_page_again(self, screen):
        page = screen("/guide/parts/")
        page.route("**/guide/parts/?page=2", answering(200, "<p>rows</p>"))
        page.evaluate("""() => {
            document.querySelector("main").innerHTML =
                '<div id="rows"></div><a id="go" href="#" hx-get="?page=2" hx-target="#rows" hx-push-url="true">2</a>';
            htmx.process(document.querySelector("main"));
        }""")

        page.click("#go")
        page.locator("#rows p").wait_for()
        page.go_back()

        page.locator("h1").wait_for()
        assert page.locator("#go").count() == 0


class TestKeys:
    def test_press_the_button_they_are_written_on(self, screen):
        page = screen("/guide/parts/")
        page.evaluate(
            "document.querySelector('[data-key=z]').addEventListener('click', () => { window.undone = (window.undone || 0) + 1; })"
        )

        page.keyboard.press("z")
        page.focus("textarea")
        page.keyboard.press("z")

        assert page.evaluate("window.undone") == 1

    def test_that_come_in_a_burst_are_a_scanned_code_and_press_nothing(self, screen):
        page = screen("/guide/floor/")
        page.evaluate("""() => {
            window.pressed = []; window.sent = [];
            document.querySelectorAll("[data-key]").forEach((b) => b.addEventListener("click", () => pressed.push(b.dataset.key)));
            document.addEventListener("htmx:configRequest", (e) => {
                sent.push(e.detail.parameters.code); e.preventDefault(); document.body.dataset.sent = "1";
            });
        }""")

        page.keyboard.type("16901234567892A")
        page.keyboard.press("Enter")
        page.locator("body[data-sent]").wait_for()

        assert page.evaluate("[window.sent, window.pressed]") == [["16901234567892A"], []]

    def test_that_come_alone_answer_the_question(self, screen):
        page = screen("/guide/floor/")
        page.evaluate("""() => document.querySelectorAll("[data-key]").forEach((button) =>
            button.addEventListener("click", () => { document.body.dataset.pressed = button.dataset.key; }))""")

        page.keyboard.press("1")
        page.locator("body[data-pressed]").wait_for()

        assert page.get_attribute("body", "data-pressed") == "1"
        assert page.input_value("#scan") == ""

    def test_typed_into_the_scan_field_by_hand_stay_there(self, screen):
        page = screen("/guide/floor/")

        page.click("#scan")
        page.keyboard.press("1")
        page.keyboard.press("2")

        assert page.input_value("#scan") == "12"


class TestConfirmation:
    def test_is_asked_in_the_page_and_a_no_sends_nothing(self, screen):
        page = screen("/guide/parts/")
        page.evaluate("""() => {
            const form = document.createElement("form");
            form.method = "post"; form.action = "/replayed/"; form.dataset.confirm = "Revoke for good?";
            form.innerHTML = '<button id="go">Go</button>';
            document.querySelector("main").prepend(form);
        }""")
        sent = []

        def take(route: Route) -> None:
            sent.append(route.request.method)
            route.fulfill(body="<title>done</title>", content_type="text/html")

        page.route("**/replayed/", take)

        page.click("#go")
        assert page.inner_text("#confirm-text") == "Revoke for good?"
        page.click("#confirm [value=no]")
        assert sent == []
        page.click("#go")
        page.click("#confirm [value=yes]")
        page.wait_for_url("**/replayed/")

        assert sent == ["POST"]
