"""Every address × every method × every role, asked for real: nobody sees or changes what is not his (P22.1, G21, G23).

A new address fails here until it stands in ``assurance/access.py`` and has objects in ``tests/access_objects.py``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.db import transaction
from django.test import override_settings
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from assurance.access import ACCESS
from assurance.accounts import sessions
from assurance.accounts.scopes import noun_of
from assurance.roles import ANONYMOUS, PUBLIC, Role
from tests.access_machinery import (
    DEACTIVATED,
    METHODS,
    WHO,
    WRITES,
    Answer,
    Askers,
    betrayed,
    body_of,
    case_of,
    filters,
    fingerprint,
    keys_of,
    known_owners,
    let_in,
    ownership,
    planted,
    public,
    references,
    routes,
    said,
    tables,
    turned_away,
    unchanged,
    written,
)
from tests.access_objects import CASES, MISSING
from tests.access_world import TENANT, World
from tests.harness import session
from tests.harness.databases import own_clone

SNAPSHOT = Path(__file__).parent / "snapshots" / "fields.json"
NAMES = sorted(name for name in routes() if name in ACCESS and name in CASES)
WRITING = [(name, method) for name in NAMES for method in sorted(ACCESS[name]) if method in WRITES]
API_WRITES = [(name, method) for name, method in WRITING if name.startswith("api:")]
PAGE_WRITES = [
    pytest.param(name, method, marks=() if turn % 2 else pytest.mark.exhaustive)
    for turn, (name, method) in enumerate(pair for pair in WRITING if pair not in API_WRITES)
]
"""Each is sent twice here, so every second one is; ``make proof`` sends all."""
pytestmark = [pytest.mark.row("P22.1"), pytest.mark.promise("G21"), pytest.mark.long, pytest.mark.sampled]


@pytest.fixture(scope="module")
def askers(django_db_setup: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: Any) -> Iterator[Askers]:
    """The world in a database of its own: built once, never changed."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"), API_REQUESTS_PER_SECOND=0, ACCOUNT_RATE_LIMITS=False)
    seen = patch.object(sessions, "SEEN_EVERY", timedelta(days=1))  # what is rolled back would else be written again by every request
    with django_db_blocker.unblock(), own_clone(django_db_setup), media, seen:
        yield Askers(World())


@pytest.fixture(autouse=True)
def _on_the_worlds_database(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    if "askers" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("askers")
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def before(askers: Askers) -> dict[str, tuple[int, str]]:
    """The world as every test finds it."""
    return fingerprint(tables())


@pytest.fixture
def untouched(before: dict[str, tuple[int, str]]) -> Iterator[None]:
    """Nothing that the test asks for leaves a trace."""
    with unchanged(before):
        yield


class TestTheTable:
    def test_lists_every_address(self):
        assert sorted(set(routes()) - set(ACCESS)) == []

    def test_lists_no_address_that_is_not_there(self):
        assert sorted(set(ACCESS) - set(routes()) - {"admin:*"}) == []

    def test_has_objects_for_every_address(self):
        missing = sorted(set(ACCESS) - set(CASES) - {"admin:*"})
        assert missing == [], f"give these an entry in tests/access_objects.py: {missing}"
        assert sorted(set(CASES) - set(ACCESS)) == []

    def test_names_roles_that_exist(self):
        assert {who for methods in ACCESS.values() for roles in methods.values() for who in roles} <= PUBLIC
        assert all(methods and all(methods.values()) for methods in ACCESS.values())

    def test_lists_what_an_api_view_answers_and_nothing_else(self):
        answered = {name: route.handled for name in NAMES if (route := routes()[name]).handled is not None}
        assert answered == {name: routes()[name].methods for name in answered}

    def test_has_own_and_foreign_objects_where_an_address_has_arguments(self):
        wrong = []
        for name in NAMES:
            case, route = CASES[name], routes()[name]
            if route.arguments and not case.for_all and case.theirs is None:
                wrong.append(f"{name}: name somebody else's object")
            named = set(case.plants) | case.common
            plantless = [method for method in route.methods & WRITES if not references(route, method) <= named]
            wrong += [f"{name} {method}: name somebody else's rows in plants" for method in plantless]
            if not filters(route) <= set(case.filters) | case.common:
                wrong.append(f"{name}: name somebody else's rows in filters")
        assert wrong == []

    def test_has_a_scope_for_every_noun(self):
        missing = [name for name in NAMES if name.startswith("api:") and not noun_of(name)]
        assert missing == [], f"put their nouns into assurance/accounts/scopes.py: {missing}"


STRIDE = 6


def portion(name: str, who: Sequence[str]) -> Sequence[str]:
    """Return who of these is asked here: every sixth, beginning at another one at the next address. ``make proof`` asks all of them."""
    return session.portion(who, NAMES.index(name), STRIDE)


@pytest.mark.parametrize("name", NAMES)
class TestEveryAddress:
    def test_refuses_other_methods(self, askers: Askers, name: str):
        route = routes()[name]
        kwargs = case_of(route).mine(askers.world, askers.world.near.owner) or {}
        others = [method for method in METHODS if method not in route.methods]
        asked = session.portion(others, NAMES.index(name), len(METHODS))
        found = {method: askers.ask(Role.PLATFORM_ADMIN, route, method, kwargs).status_code for method in asked}
        assert set(found.values()) <= {405}, found

    def test_lets_in_whom_the_table_names(self, askers: Askers, name: str):
        route = routes()[name]
        case, wrong = case_of(route), {}
        for method in route.methods:
            for who in portion(name, [who for who in WHO if askers.may(who, route, method)]):
                user = askers.subject(who)
                if method == "GET":
                    answer = askers.read(who, route)
                else:
                    response = askers.ask(who, route, method, case.mine(askers.world, user) or {}, body_of(case, askers.world, user))
                    answer = Answer(response.status_code, str(response.headers.get("Location", "")), said(response))
                if not let_in(answer, case):
                    wrong[method, who] = (answer.status_code, answer.location, answer.words[:300])
        assert wrong == {}

    @pytest.mark.usefixtures("untouched")
    def test_turns_everybody_else_away_and_nothing_is_changed(self, askers: Askers, name: str):
        route = routes()[name]
        case, wrong = case_of(route), {}
        for method in route.methods:
            for who in portion(name, [who for who in WHO if not askers.may(who, route, method)]):
                user = askers.subject(who)
                response = askers.ask(
                    who, route, method, case.mine(askers.world, askers.world.near.owner) or {}, body_of(case, askers.world, user), keep=True
                )
                if not turned_away(response, who, route):
                    wrong[method, who] = (response.status_code, response.headers.get("Location", ""))
        assert wrong == {}

    @pytest.mark.usefixtures("untouched")
    def test_has_nothing_of_anybody_elses(self, askers: Askers, name: str):
        """Foreign is 404, like missing, and says no word of what it is."""
        route = routes()[name]
        case, wrong = case_of(route), {}
        if case.theirs is None:
            return
        for method in route.methods:
            for who in portion(name, [who for who in sorted(Role) if askers.may(who, route, method)]):
                user = askers.subject(who)
                theirs = case.theirs(askers.world, user)
                if theirs is None:
                    continue
                foreign = askers.ask(who, route, method, theirs, body_of(case, askers.world, user), keep=True)
                words = said(foreign)
                if foreign.status_code != 404 or TENANT in words or betrayed(words, askers.world, user):
                    wrong[method, who] = (foreign.status_code, words[:200])
        assert wrong == {}

    def test_shows_nothing_of_anybody_elses(self, askers: Askers, name: str):
        """Whatever a role reads – page, list, file, API – holds no word of the far side, and no person of another organisation in clear."""
        route = routes()[name]
        case, wrong = case_of(route), {}
        for who in portion(name, [who for who in WHO if "GET" in route.methods and askers.may(who, route, "GET")]):
            words = askers.read(who, route).words
            leaked = [] if case.shows_clear else betrayed(words, askers.world, None if who == DEACTIVATED else askers.users[who])
            leaked += [TENANT] if TENANT in words and who not in askers.world.staff else []
            if leaked:
                place = words.index(leaked[0])
                wrong[who] = (leaked, words[max(0, place - 100) : place + 60])
        assert wrong == {}


@pytest.mark.parametrize(("name", "method"), [(name, method) for name, method in WRITING if CASES[name].plants])
class TestAPlantedForeignReference:
    @pytest.mark.usefixtures("untouched")
    def test_answers_like_a_missing_one_and_changes_nothing(self, askers: Askers, name: str, method: str):
        route = routes()[name]
        case = case_of(route)
        for who in filter(lambda who: askers.may(who, route, method) and who not in askers.world.staff, sorted(Role)):
            user = askers.subject(who)
            for field, plant in case.plants.items():
                answers = []
                foreign, own = plant(askers.world), body_of(case, askers.world, user)
                for value in (foreign, MISSING if isinstance(foreign, int) else "NOSUCH"):
                    body, refused_as = planted(own, field, value)
                    response = askers.ask(who, route, method, case.mine(askers.world, user) or {}, body, keep=True)
                    answers.append((response.status_code, [(flaw["field"], flaw["code"]) for flaw in response.json()["errors"]]))
                    assert TENANT not in said(response)
                assert answers == [(400, [(refused_as, "not_found")])] * 2, (who, answers)


@pytest.mark.parametrize("name", [name for name in NAMES if CASES[name].filters])
class TestAForeignFilter:
    def test_answers_like_a_missing_one(self, askers: Askers, name: str):
        route = routes()[name]
        case = case_of(route)
        for who in filter(lambda who: askers.may(who, route, "GET") and who not in askers.world.staff, sorted(Role)):
            for field, plant in case.filters.items():
                foreign = plant(askers.world)
                values = (foreign, MISSING if isinstance(foreign, int) else "NOSUCH")
                answers = [askers.ask(who, route, "GET", {}, query=f"?{field}={value}") for value in values]
                assert {answer.status_code for answer in answers} <= {400, 404}
                assert len({answer.status_code for answer in answers}) == 1
                assert all(TENANT not in said(answer) for answer in answers)


@pytest.mark.promise("G23")
class TestAFieldThatIsNotOnesOwn:
    COLUMNS = sorted(
        {field.name for model in apps.get_models() for field in model._meta.concrete_fields}
        | {"id", "pk", "tenant", "status", "fee_fen", "is_staff"}
    )
    SHOWN_AT_ONCE = 90

    @pytest.mark.parametrize(("name", "method"), API_WRITES)
    @pytest.mark.usefixtures("untouched")
    def test_is_unknown_to_the_api(self, askers: Askers, name: str, method: str):
        route = routes()[name]
        case = case_of(route)
        who = min(who for who in WHO if askers.may(who, route, method))
        user = askers.subject(who)
        door = route.door(method)
        reader = door[0].inputs.get(door[1]) if door else None
        known = set(reader(context={}).fields) if reader else set()
        unknown = [column for column in self.COLUMNS if column not in known]
        shown_at_once = [unknown[start : start + self.SHOWN_AT_ONCE] for start in range(0, len(unknown), self.SHOWN_AT_ONCE)]
        for some in session.portion(shown_at_once, API_WRITES.index((name, method)), len(shown_at_once)):
            body = body_of(case, askers.world, user) | dict.fromkeys(some, "mass-assigned")
            response = askers.ask(who, route, method, case.mine(askers.world, user) or {}, body, keep=True)
            if response.status_code == 415:  # takes uploads only
                continue
            assert response.status_code == 400, said(response)[:300]
            refused = {flaw["field"] for flaw in response.json()["errors"] if flaw["code"] == "unknown_field"}
            assert refused == set(some)

    @pytest.mark.parametrize(("name", "method"), PAGE_WRITES)
    def test_changes_nothing_on_a_page(self, askers: Askers, name: str, method: str):
        route, world = routes()[name], askers.world
        case = case_of(route)
        who = min(who for who in WHO if askers.may(who, route, method))
        user = askers.subject(who)
        url, sent = reverse(name, kwargs=case.mine(world, user) or {}), body_of(case, world, user)
        far: dict[str, object] = {"merchant": world.far.merchant.pk, "organisation": world.far.merchant.pk, "user": world.far.owner.pk}
        protected = far | {f"{column}_id": value for column, value in far.items()}
        protected |= {"state": "approved", "is_active": "true", "is_staff": "true", "created_by": world.far.owner.pk, "verdict": "released"}
        protected |= {"id": MISSING, "organisation_kind": "platform"} | ({} if "role" in sent else {"role": "platform_admin"})
        owners, known = [], known_owners()
        for extra in ({}, protected):
            with transaction.atomic():
                askers._send(askers.clients[who], route, method, url, extra | sent)
                owners.append(ownership(written(), known))
                transaction.set_rollback(True)
        only_now = owners[1].keys() - owners[0].keys()
        assert owners[1] == owners[0] | ownership(only_now, known)


@pytest.mark.row("P22.2")
@pytest.mark.promise("G23")
class TestTheFieldsOfTheApi:
    DESCRIPTIONS = frozenset({"api:schema", "api:docs"})

    def test_are_those_that_were_approved_for_each_role(self, askers: Askers):
        """After a wanted change: WRITE_SNAPSHOTS=1 pytest tests/test_access.py -k approved, and read the difference."""
        read = [name for name in NAMES if name.startswith("api:") and "GET" in ACCESS[name] and name not in self.DESCRIPTIONS]
        if os.environ.get("WRITE_SNAPSHOTS"):
            SNAPSHOT.parent.mkdir(exist_ok=True)
            everything = {name: self.grouped(self.fields_by_role(askers, name, self.readers(askers, name))) for name in read}
            SNAPSHOT.write_text(json.dumps(everything, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
        approved = {name: self.by_role(groups) for name, groups in json.loads(SNAPSHOT.read_text()).items()}
        assert {name: sorted(fields) for name, fields in approved.items()} == {name: sorted(self.readers(askers, name)) for name in read}
        found = {name: self.fields_by_role(askers, name, portion(name, self.readers(askers, name))) for name in read}
        assert found == {name: {who: approved[name][who] for who in asked} for name, asked in found.items()}

    def readers(self, askers: Askers, name: str) -> list[str]:
        return [who for who in WHO if who != DEACTIVATED and askers.may(who, routes()[name], "GET")]

    def fields_by_role(self, askers: Askers, name: str, readers: Sequence[str]) -> dict[str, str]:
        return {who: " ".join(askers.read(who, routes()[name]).fields) for who in readers}

    def grouped(self, found: dict[str, str]) -> dict[str, str]:
        """Return the fields with the roles that get exactly these: ``"role, role": "field field …"``."""
        groups: dict[str, list[str]] = {}
        for who, fields in found.items():
            groups.setdefault(fields, []).append(who)
        return {", ".join(sorted(who)): fields for fields, who in groups.items()}

    def by_role(self, groups: dict[str, str]) -> dict[str, str]:
        return {who: fields for names, fields in groups.items() for who in names.split(", ")}

    @pytest.mark.parametrize("who", sorted(Role))
    def test_show_costs_and_commissions_to_those_who_may_see_them(self, askers: Askers, who: Role):
        from assurance.roles import GRANTS, Permission

        route = routes()["api:product-list"]
        if not askers.may(who, route, "GET"):
            return
        shown = keys_of(askers.ask(who, route, "GET", {}).json())
        assert ("results.cost" in shown) is (who in GRANTS[Permission.SEE_COST])
        assert ("results.commission_rate" in shown) is (who in GRANTS[Permission.SEE_COMMISSION])


class TestTheBackOffice:
    @pytest.mark.parametrize("who", WHO)
    @pytest.mark.usefixtures("untouched")
    def test_opens_for_oversight_only_and_takes_nothing(self, askers: Askers, who: str):
        client = askers.clients[who]
        index, people = client.get("/back-office/"), client.get("/back-office/assurance/user/")
        add = client.post("/back-office/assurance/user/add/", {"email": "x@x.example"})
        if who in (Role.PLATFORM_ADMIN, Role.AUDITOR):
            assert (index.status_code, people.status_code, add.status_code) == (200, 200, 403)
            assert betrayed(said(people), askers.world, askers.users[who]) == []
        elif who in (ANONYMOUS, DEACTIVATED):
            assert {answer.status_code for answer in (index, people, add)} == {302}
            assert all(answer.headers["Location"].startswith("/accounts/login/") for answer in (index, people, add))
        else:
            assert {answer.status_code for answer in (index, people, add)} == {403}


class TestTheMatrix:
    def test_asks_with_real_objects(self, askers: Askers):
        """At least ninety-eight of a hundred cells have a real object (G21)."""
        cells = [
            (name, who)
            for name in NAMES
            if routes()[name].arguments
            for who in sorted(Role)
            if any(askers.may(who, routes()[name], m) for m in ACCESS[name])
        ]
        real = [cell for cell in cells if case_of(routes()[cell[0]]).mine(askers.world, askers.subject(cell[1]))]
        assert len(real) / len(cells) >= 0.98
        assert public(routes()["badges:verify"], "GET")
