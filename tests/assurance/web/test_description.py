"""The description of the API is complete, and as the API is."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import jsonschema_rs
import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from assurance.accounts.models import User
from tests.hostile.walk import URLCONF, operations

REFUSALS = {"400", "401", "403", "404", "405", "429"}
REFUSED_WRITES = {"409", "413", "415", "422"}


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    GENERATOR_STATS.reset()
    return SchemaGenerator(urlconf=URLCONF).get_schema(request=None, public=True)


def judged(instance: Any, schema: Any) -> None:
    """Judge by the same rules as ``jsonschema`` would, in a hundredth of its time."""
    jsonschema_rs.validate(schema, instance)


def described(description: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    return {operation["operationId"]: (method, operation) for path in description["paths"].values() for method, operation in path.items()}


def answers_of(description: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(name, method, code) for name, (method, operation) in described(description).items() for code in operation["responses"]}


@pytest.mark.row("P19.1")
class TestTheDescriptionOfTheApi:
    def test_is_valid_and_was_made_without_a_guess(self, description):
        with patch("jsonschema.validate", judged):
            validate_schema(description)

        assert (dict(GENERATOR_STATS._warn_cache), dict(GENERATOR_STATS._error_cache)) == ({}, {})

    def test_holds_every_operation(self, description):
        assert {operation.view().operation_id() for operation in operations()} - set(described(description)) == set()

    def test_says_what_every_operation_does(self, description):
        assert [name for name, (_, operation) in described(description).items() if not operation.get("description")] == []

    def test_says_how_every_operation_refuses(self, description):
        for name, (method, operation) in described(description).items():
            expected = REFUSALS if method == "get" else REFUSALS | REFUSED_WRITES
            assert expected - set(operation["responses"]) == set(), name
            assert "application/problem+json" in operation["responses"]["400"]["content"], name

    @pytest.mark.row("P19.3")
    def test_asks_for_a_key_with_every_write(self, description):
        for name, (method, operation) in described(description).items():
            keys = [one for one in operation.get("parameters", []) if one["name"] == "Idempotency-Key"]
            assert [one["required"] for one in keys] == ([] if method == "get" else [True]), name

    def test_writes_money_as_text_and_closes_every_body(self, description):
        sample = description["components"]["schemas"]["SampleInRequest"]

        assert sample["properties"]["price"]["type"] == "string"
        assert sample["additionalProperties"] is False
        assert sample["properties"]["quantity"] == {"type": "integer", "minimum": 1, "maximum": 10_000_000}

    def test_is_served_to_whoever_is_signed_in(self, description, amal: User, client: Client):
        nobody = client.get("/api/v1/schema/")
        client.force_login(amal)

        found, page = client.get("/api/v1/schema/"), client.get("/api/v1/docs/")

        assert (nobody.status_code, found.status_code, page.status_code) == (401, 200, 200)
        assert answers_of(found.json()) <= answers_of(description)
        assert page.headers["Content-Type"].startswith("text/html")
        assert "<script" in page.content.decode()
