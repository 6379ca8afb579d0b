"""What people and programs see when something refuses or breaks."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from assurance import access
from assurance.accounts.models import Organisation
from assurance.roles import PUBLIC
from assurance.web import answers
from tests.assurance.web import urls

pytestmark = [pytest.mark.urls("tests.assurance.web.urls"), pytest.mark.django_db]

PAGES = [name for path in urls.urlpatterns if (name := getattr(path, "name", None)) and name.startswith("test-")]


@pytest.fixture(autouse=True)
def _everybody_may(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = {"GET": PUBLIC, "POST": PUBLIC}
    monkeypatch.setattr(access, "ACCESS", {**access.ACCESS, **dict.fromkeys(PAGES, everybody)})


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False, headers={"Accept-Language": "en"})


class TestAPage:
    @pytest.mark.parametrize(
        ("path", "status", "says"),
        [
            ("/refuse", 409, "it is now “approved”"),
            ("/refuse-file", 422, "Not accepted"),
            ("/refuse-own-work", 403, "You cannot decide on your own work."),
            ("/break-constraint", 409, "This contradicts what is already recorded."),
            ("/take-too-long", 503, "This took too long and was stopped."),
            ("/missing", 404, "There is nothing here that you can see."),
            ("/no-such-page", 404, "There is nothing here that you can see."),
            ("/fail", 500, "The request failed; nothing was changed."),
            ("/?a=1&a=2", 400, "This parameter is given twice."),
            ("/?a=%00", 400, "This filter value is not accepted."),
            ("/?a=%ff", 400, "This filter value is not accepted."),
            ("/a%00b", 404, "There is nothing here that you can see."),
            ("/?" + "a&" * 3000, 400, "The request cannot be understood."),
        ],
    )
    def test_says_what_is_wrong_and_gives_the_number_of_the_request(self, visitor, path, status, says):
        response = visitor.get(path)
        page = response.content.decode()

        assert response.status_code == status
        assert response.headers["Content-Type"].startswith("text/html")
        assert says in page
        assert response.headers["X-Request-ID"] in page
        assert "a secret of ours" not in page

    @pytest.mark.parametrize(
        ("came_from", "leads"),
        [
            ("http://testserver/form/?a=1", "/form/?a=1"),
            ("http://elsewhere.example/form/", ""),
            ("http://testserver//elsewhere.example/", ""),
            ("http://[", ""),
            ("", ""),
        ],
    )
    def test_leads_back_to_the_form_that_was_refused(self, visitor, came_from, leads):
        """A form's own address often takes nothing but forms: to try it again would be a dead end."""
        shown = visitor.post("/refuse", headers={"Referer": came_from}).content.decode()

        assert re.findall(r'<a class="w-btn w-btn-main" href="([^"]*)">', shown) == [leads]
        assert ("Back" in shown) is bool(leads)

    def test_that_refuses_has_changed_nothing(self, visitor):
        visitor.get("/refuse")

        assert not Organisation.objects.filter(code="REFUSED").exists()

    def test_is_a_fragment_where_htmx_will_swap_it_in(self, visitor):
        response = visitor.get("/refuse", headers={"HX-Request": "true"})

        assert response.status_code == 409
        assert "<html" not in response.content.decode()
        assert "approved" in response.content.decode()

    def test_speaks_the_language_of_the_request(self, visitor):
        chinese = visitor.get("/no-such-page", headers={"Accept-Language": "zh-CN"})

        assert re.search("[\u4e00-\u9fff]", chinese.content.decode())

    def test_is_shown_bare_when_its_template_fails(self, visitor, monkeypatch):
        def broken(*given: Any) -> str:
            raise RuntimeError("the base layout asked a database that is gone")

        monkeypatch.setattr(answers, "render_to_string", broken)
        response = visitor.get("/fail")

        assert response.status_code == 500
        assert response.headers["X-Request-ID"] in response.content.decode()

    def test_refuses_a_form_without_its_token(self):
        response = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"}).post("/post")

        assert response.status_code == 403
        assert "The form has expired." in response.content.decode()

    def test_refuses_a_form_with_the_token_of_another(self):
        client = Client(enforce_csrf_checks=True)
        client.cookies["csrftoken"] = "a" * 32

        assert client.post("/post", {"csrfmiddlewaretoken": "b" * 32}).status_code == 403

    def test_refuses_a_form_that_is_too_large(self):
        client = Client(enforce_csrf_checks=True)
        client.cookies["csrftoken"] = "a" * 32

        response = client.post("/post", b"password=" + b"x" * 4_000_000, content_type="application/x-www-form-urlencoded")

        assert response.status_code == 413

    def test_refuses_a_cookie_that_hides_a_nul(self, visitor):
        visitor.cookies.load('sessionid="abcdefgh\\000"')

        assert visitor.get("/").status_code == 400


class TestTheNumberOfARequest:
    def test_is_never_taken_from_outside(self, visitor):
        first = visitor.get("/missing", headers={"X-Request-ID": "chosen-by-somebody"})
        second = visitor.get("/missing")

        assert re.fullmatch("[0-9a-f]{16}", first.headers["X-Request-ID"])
        assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]


class TestAnAddressOfTheApi:
    @pytest.mark.parametrize(
        ("method", "path", "status", "code"),
        [
            ("get", "/api/plain/refuse", 409, "wrong_state"),
            ("get", "/api/plain/fail", 500, "server_error"),
            ("get", "/api/plain/break-constraint", 409, "conflict"),
            ("get", "/api/plain/post", 405, "method_not_allowed"),
            ("get", "/api/no-such-thing", 404, "not_found"),
            ("get", "/api/v1/sample/samples/" + "9" * 4301 + "/", 404, "not_found"),
            ("get", "/api/a%00b", 404, "not_found"),
            ("get", "/api/?a=1&a=2", 400, "repeated_parameter"),
            ("get", "/api/?a=%00", 400, "invalid_filter"),
        ],
    )
    def test_answers_in_json_whoever_answers(self, visitor, method, path, status, code):
        response = getattr(visitor, method)(path)
        body = json.loads(response.content)

        assert (response.status_code, body["status"], body["code"]) == (status, status, code)
        assert response.headers["Content-Type"] == "application/problem+json"
        assert body["request_id"] == response.headers["X-Request-ID"]
        assert "a secret of ours" not in response.content.decode()

    @pytest.mark.parametrize(
        ("language", "detail"), [("en", "There is nothing here that you can see."), ("zh-CN", "这里没有你可以查看的内容。")]
    )
    def test_speaks_the_language_of_the_request(self, visitor, language, detail):
        response = visitor.get("/api/no-such-thing", headers={"Accept-Language": language})

        assert json.loads(response.content)["detail"] == detail

    def test_keeps_what_the_status_demands(self, visitor):
        assert visitor.get("/api/plain/post").headers["Allow"] == "POST"

    def test_answers_a_wrong_host_in_json(self, visitor):
        response = visitor.get("/api/v1/sample/samples/", headers={"Host": "evil.example"})

        assert (response.status_code, json.loads(response.content)["code"]) == (400, "bad_request")

    def test_refuses_a_browser_without_its_token(self, django_user_model):
        from assurance.roles import Role
        from tests import factories

        client = Client(enforce_csrf_checks=True)
        client.force_login(factories.user(Role.MERCHANT_OWNER, factories.organisation()))
        response = client.post("/api/v1/sample/samples/", {}, content_type="application/json", headers={"Idempotency-Key": "k"})

        assert (response.status_code, json.loads(response.content)["code"]) == (403, "csrf_failed")
