"""G25: requests made up from the API's own description. No answer may be a server error or one that is not described."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis
import schemathesis
from django.conf import settings
from django.test import Client, override_settings
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from deploy.embedded import process
from tests.experiments.idempotency import CSRF, Web
from tests.hostile.examples import EXAMPLES, Example
from tests.hostile.sending import somebody_for, valid
from tests.hostile.walk import URLCONF, Operation, operations

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SLOWEST_ALLOWED = 2.0
_keys = itertools.count(1)


@dataclass
class Found:
    """What the made-up requests have shown."""

    operations: int = 0
    reached: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    slowest: float = 0.0


def described() -> dict[str, Any]:
    """Return the operations of everything that is served by their id, as its description has them."""
    schema = schemathesis.openapi.from_dict(SchemaGenerator(urlconf=URLCONF).get_schema(request=None, public=True))
    found = (result.ok() for result in schema.get_all_operations())  # type: ignore[union-attr]
    return {operation.definition.raw["operationId"]: operation for operation in found}


class Person:
    """Somebody who sends made-up requests, each with a key of its own."""

    def __init__(self, user: Any, base_url: str) -> None:
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: CSRF}
        self.base_url = base_url

    def send(self, case: Any) -> Any:
        for name in ("Authorization", "Cookie"):  # a made-up one would only ever be told to sign in
            case.headers.pop(name, None)
        headers = {"X-CSRFToken": CSRF, "Idempotency-Key": f"made-up-{next(_keys)}"}
        return case.call(base_url=self.base_url, headers=headers, cookies=self.cookies)


def attack(operation: Operation, api: Any, example: Example, person: Person, found: Found, *, count: int, seed: int) -> None:
    """Send requests that fit the description and requests that do not, half of them to the example's row."""

    @hypothesis.seed(seed)
    @hypothesis.settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=cases(api), real=st.booleans())
    def send(case: Any, real: bool) -> None:
        if real and operation.variables:
            case.path_parameters = dict(zip(case.path_parameters, example.path.values(), strict=True))
        judge(case, person.send, found)

    send()


def cases(api: Any) -> Any:
    fitting, unfitting = (api.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE))
    return fitting | unfitting if api.body or api.query or api.path_parameters else fitting


def judge(case: Any, send: Callable[[Any], Any], found: Found) -> None:
    began = time.perf_counter()
    response = send(case)
    found.slowest = max(found.slowest, time.perf_counter() - began)
    found.statuses[f"{response.status_code // 100}xx"] += 1
    try:
        case.validate_response(response, checks=CHECKS)
    except (Failure, FailureGroup) as failure:
        kind = failure.title if isinstance(failure, Failure) else ", ".join(one.title for one in failure.exceptions)
        found.failures.setdefault(f"{case.method} {case.operation.path} {response.status_code}: {kind}", str(failure)[:500])


def reach(operation: Operation, example: Example) -> bool:
    """Send the example itself in this process; say whether it succeeds."""
    client = Client()
    client.force_login(example.user)
    sent = valid(operation, example)
    response = client.generic(
        operation.method.upper(),
        operation.path(**example.path),
        sent.body if operation.is_write else b"",
        sent.content_type,
        headers={"Idempotency-Key": f"example-{next(_keys)}"},
    )
    return response.status_code < 300


@override_settings(ROOT_URLCONF=URLCONF, API_REQUESTS_PER_SECOND=0)
def run(*, folder: Path, database_url: str, count: int, seed: int, sabotage: str = "", step: int = 1) -> dict[str, Any]:
    """Attack every operation, or one in ``step``; return what was seen. This process is routed to the committed database."""
    began = time.monotonic()
    found, apis = Found(), described()
    web = Web(folder, database_url=database_url, sabotage=sabotage)
    base_url = f"http://127.0.0.1:{web.port}"
    try:
        for operation in operations()[::step]:
            make = EXAMPLES.get(operation.name)
            example = make() if make else Example(somebody_for(operation))
            found.operations += 1
            attack(operation, apis[operation.view().operation_id()], example, Person(example.user, base_url), found, count=count, seed=seed)
            found.reached += reach(operation, make() if make else example)
    finally:
        process.kill(web.child)
    return {
        "seed": seed,
        "operations": found.operations,
        "operations_that_succeeded": found.reached,
        "requests": sum(found.statuses.values()),
        "statuses": dict(found.statuses),
        "failed": len(found.failures),
        "failures": found.failures,
        "slowest_seconds": round(found.slowest, 2),
        "seconds": round(time.monotonic() - began, 1),
    }


def holds(found: dict[str, Any], *, slowest: float = SLOWEST_ALLOWED) -> bool:
    """Say whether the promise was kept, and whether the run could have shown that it was not."""
    return (
        found["failed"] == 0
        and found["slowest_seconds"] <= slowest
        and found["operations_that_succeeded"] >= 0.9 * found["operations"]
        and "2xx" in found["statuses"]
        and "4xx" in found["statuses"]
    )
