"""What the scripts of the pages do: answers of htmx, keys and scanners, confirmations."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
import segno
from PIL import Image

from tests.harness.browser import QUIET, chromium

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

    def test_are_shown_where_they_were_asked_for(self, page):
        for status in (200, 422, 409, 403):
            self.ask(page, answering(status, f"<p>after {status}</p>"))

            assert page.inner_text("#rows") == f"after {status}"

    def test_that_refuse_stand_on_top_and_leave_the_page_as_it_was(self, page):
        for status in (403, 404, 409, 429, 503):
            note = f'<div class="w-note" role="alert" tabindex="-1" data-problem><p>No, {status}.</p></div>'
            self.ask(page, answering(status, note))

            assert page.inner_text("#problem") == f"No, {status}."
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


COUNTED = """() => {
    window.sent = []; window.shaken = [];
    navigator.vibrate = (pattern) => shaken.push(pattern.join());
    document.addEventListener("htmx:configRequest", (event) => { sent.push(event.detail.parameters.code); });
    document.addEventListener("submit", (event) => { if (event.target.matches("[data-steps]")) event.preventDefault(); });
    window.clock = 0; window.step = 5;  // ms from key to key: a scanner's, however busy the machine is
    addEventListener("keydown", () => { clock += step; }, true);
    Object.defineProperty(Event.prototype, "timeStamp", { get: () => clock });
    performance.now = () => clock;
    const later = setTimeout;  // a driver that is kept waiting between two keys is no hand that paused
    window.setTimeout = (work, ms, ...rest) => later(work, ms === 50 ? 5000 : ms, ...rest);
}"""


@pytest.mark.long
class TestScanning:
    @pytest.mark.row("P20.1", "P20.3")
    def test_catches_a_code_wherever_the_cursor_stands_and_takes_what_comes_twice_at_once(self, screen):
        page = screen("/guide/floor/", width=360, language="en")
        page.evaluate(COUNTED)
        page.evaluate("""() => {
            const note = document.createElement("textarea"); note.id = "note"; note.value = "torn ";
            const step = document.createElement("form"); step.dataset.steps = "";
            step.innerHTML = '<input id="lot">';
            document.body.append(note, step);
        }""")
        answer = {"scanned": {"ok": True}}
        page.route("**/guide/floor/", answering(200, page.inner_html("#main"), **{"HX-Trigger": json.dumps(answer)}))

        page.focus("#note")
        page.evaluate("step = 70")
        page.keyboard.type("box")
        page.evaluate("clock += 70; step = 5")
        page.keyboard.type("6901234567892")
        page.keyboard.press("Enter")
        page.wait_for_function("() => shaken.length === 1")
        page.focus("#lot")
        page.keyboard.type("HJ261105B")
        page.keyboard.press("Enter")
        assert (page.input_value("#lot"), page.input_value("#note")) == ("HJ261105B", "torn box")
        page.keyboard.type("BG-000012")
        page.keyboard.press("Enter")
        page.wait_for_function("() => shaken.length === 2")
        page.keyboard.type("BG-000012")
        page.keyboard.press("Enter")

        page.wait_for_function("() => shaken.length === 3")
        assert page.evaluate("[sent, shaken]") == [["6901234567892", "BG-000012"], ["60", "60", "40,50,40"]]
        assert page.get_attribute("#main", "data-heard") == "again"
        assert "It was taken once" in page.inner_text("#toasts")

    @pytest.mark.row("P20.1", "P20.3")
    def test_reads_one_code_after_the_other_with_the_camera_under_the_same_policy(self, playwright, live_server, tmp_path):
        film = tmp_path / "codes.mjpeg"
        film.write_bytes(filmed("6901234567892"))
        flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*QUIET, *flags])
        page = browser.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        policy = page.goto(live_server.url + "/guide/floor/").headers["content-security-policy"]
        page.evaluate(COUNTED)
        page.route("**/guide/floor/", answering(200, page.inner_html("#main"), **{"HX-Trigger": '{"scanned": {"ok": true}}'}))

        page.click("[data-camera]")
        page.wait_for_function("() => shaken.length === 1")
        page.wait_for_timeout(1000)

        assert ("wasm" in policy, page.evaluate("[sent, shaken]"), complaints) == (False, [["6901234567892"], ["60"]], [])
        page.click("[data-close=camera]")
        assert page.is_hidden("#camera")
        browser.close()


def filmed(text: str) -> bytes:
    """Return a few frames of a QR code in front of a camera."""
    code = io.BytesIO()
    segno.make_qr(text).save(code, kind="png", scale=8)
    frame = Image.new("L", (640, 480), 230)
    frame.paste(Image.open(code).convert("L"), (200, 120))
    written = io.BytesIO()
    frame.convert("RGB").save(written, "JPEG", quality=92)
    return written.getvalue() * 5


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
