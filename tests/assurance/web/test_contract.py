"""The contract itself: every code has a sentence and stands in the documentation."""

import re
from pathlib import Path

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, ProgrammingError
from django.utils import translation

from assurance.refusals import Refused, WrongState
from assurance.web import database
from assurance.web.handler import of_exception
from assurance.web.idempotency import check_key, digest
from assurance.web.invalid import Invalid
from assurance.web.problems import again, of_refusal, problem
from assurance.web.throttles import Buckets
from assurance.web.wording import SENTENCES, STATUS, TITLES

ROOT = Path(__file__).resolve().parents[3]


class TestTheCodes:
    def test_all_stand_in_the_documentation(self):
        listed = re.findall(r"^\| `(\w+)` \| (\d+)", (ROOT / "docs/errors.md").read_text(), re.MULTILINE)

        assert dict(listed) == {code: str(STATUS.get(code, 400)) for code in SENTENCES}

    def test_that_have_a_status_have_a_sentence_and_a_title(self):
        assert set(STATUS) <= set(SENTENCES)
        assert set(STATUS.values()) <= set(TITLES)

    def test_that_the_source_raises_have_a_sentence(self):
        source = "".join(path.read_text() for path in (ROOT / "assurance/web").glob("*.py"))
        raised = set(re.findall(r'(?:Invalid|problem|refuse|detail|again|sentence)\(\s*"(\w+)"', source))

        assert raised - set(SENTENCES) == set()
        assert len(raised) > 40


@pytest.mark.row("P21.1")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
class TestEverySentence:
    def test_is_said_in_the_language_of_the_reader(self, language):
        with translation.override(language):
            said = [str(words) for words in (*SENTENCES.values(), *TITLES.values())]

        assert [words for words in said if bool(re.search("[\u4e00-\u9fff]", words)) != (language == "zh-hans")] == []

    def test_keeps_its_places(self, language):
        with translation.override("en"):
            english = {code: set(re.findall(r"%\(\w+\)s", str(words))) for code, words in SENTENCES.items()}
        with translation.override(language):
            assert {code: set(re.findall(r"%\(\w+\)s", str(words))) for code, words in SENTENCES.items()} == english


class Driver(Exception):
    """What the driver raises beneath Django's error."""

    def __init__(self, pgcode, constraint=None):
        super().__init__("SELECT secret FROM table")
        self.pgcode = pgcode
        self.diag = type("Diag", (), {"constraint_name": constraint})


def of_database(kind, pgcode, constraint=None):
    error = kind("SELECT secret FROM table")
    error.__cause__ = Driver(pgcode, constraint)
    return database.of_database(error)


class TestADatabaseError:
    def test_of_an_explained_constraint_says_the_rule(self, monkeypatch):
        monkeypatch.setattr(database, "_RULES", {})
        database.explain("one_open_thing", code="already_open", message="It is open already.", field="lot")

        found = of_database(IntegrityError, "23505", "one_open_thing")

        assert (found.status, found.code, found.detail, found.flaws[0].field) == (409, "already_open", "It is open already.", "lot")

    @pytest.mark.parametrize(
        ("kind", "pgcode", "status", "code", "retry"),
        [
            (IntegrityError, "23505", 409, "conflict", None),
            (IntegrityError, "23514", 409, "conflict", None),
            (IntegrityError, "23503", 409, "in_use", None),
            (database.DataError, "22003", 400, "number_out_of_range", None),
            (database.DataError, "22P02", 400, "invalid", None),
            (OperationalError, "55P03", 409, "busy", "2"),
            (OperationalError, "40P01", 409, "busy", "2"),
            (OperationalError, "40001", 409, "busy", "2"),
            (OperationalError, "57014", 503, "too_slow", "2"),
            (OperationalError, None, 503, "unavailable", "2"),
            (InterfaceError, None, 503, "unavailable", "2"),
        ],
    )
    def test_has_its_answer(self, kind, pgcode, status, code, retry):
        found = of_database(kind, pgcode)

        assert (found.status, found.code, found.headers.get("Retry-After")) == (status, code, retry)
        assert "SELECT" not in str(found.as_dict(""))

    def test_that_is_our_fault_stays_one(self):
        assert of_database(ProgrammingError, "42P01") is None
        assert of_exception(KeyError("x")) is None


class TestARefusal:
    def test_says_its_sentence_at_its_field(self):
        found = of_refusal(WrongState(field="state", state="approved"))

        assert (found.status, found.code) == (409, "wrong_state")
        assert "approved" in found.detail
        assert found.flaws[0].field == "state"

    def test_repeats_at_most_eighty_characters_of_input(self):
        class NoSuchThing(Refused):
            message = "No %(name)s here."

        assert of_refusal(NoSuchThing(name="x" * 5000)).detail == "No " + "x" * 79 + "… here."


class TestAProblem:
    def test_points_at_a_field_when_it_knows_one(self):
        with translation.override("en"):
            found = problem("unknown_field", where="fee").as_dict("n")

        assert found == {
            "status": 400,
            "code": "unknown_field",
            "title": "Please check what was sent",
            "detail": "There is no such field.",
            "errors": [{"field": "fee", "code": "unknown_field", "message": "There is no such field."}],
            "request_id": "n",
        }

    def test_that_goes_away_says_when(self):
        assert again("busy").headers == {"Retry-After": "2"}


class TestAKey:
    @pytest.mark.parametrize("key", ["a", "k" * 255, "7f2c-1c1e/enrol:1"])
    def test_is_visible_ascii(self, key):
        assert check_key(key) == key

    @pytest.mark.parametrize("key", ["k" * 256, "a b", "a\tb", "键", "a\x7f"])
    def test_is_nothing_else(self, key):
        with pytest.raises(Invalid, match="idempotency_key_invalid"):
            check_key(key)

    def test_is_required(self):
        for key in (None, ""):
            with pytest.raises(Invalid, match="idempotency_key_required"):
                check_key(key)


class TestTheSameRequest:
    def test_is_known_by_its_meaning(self):
        one = digest(method="POST", path="/a/", body={"x": 1, "y": [1, 2]})

        assert one == digest(method="POST", path="/a/", body={"y": [1, 2], "x": 1})
        assert len(one) == 32

    @pytest.mark.parametrize(
        "other",
        [
            {"method": "PUT", "path": "/a/", "body": {"x": 1}},
            {"method": "POST", "path": "/b/", "body": {"x": 1}},
            {"method": "POST", "path": "/a/", "body": {"x": "1"}},
            {"method": "POST", "path": "/a/", "body": {"x": True}},
            {"method": "POST", "path": "/a/", "body": {"x": 1.0}},
            {"method": "POST", "path": "/a/", "body": {"x": 1}, "files": {"photo": b"\0"}},
        ],
    )
    def test_is_no_other(self, other):
        assert digest(method="POST", path="/a/", body={"x": 1}) != digest(**other)


class TestABucket:
    def test_empties_and_fills_again(self):
        now = [0.0]
        buckets = Buckets(clock=lambda: now[0])

        taken = [buckets.wait("amal", per_second=2) for _ in range(21)]
        assert taken[:20] == [0.0] * 20
        assert taken[20] == 0.5
        assert buckets.wait("chidi", per_second=2) == 0

        now[0] = 0.5
        assert [buckets.wait("amal", per_second=2) for _ in range(2)] == [0.0, 0.5]
