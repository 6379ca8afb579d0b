"""Rows that a fixture made are found by the next test; what a test does itself is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assurance.accounts.models import Organisation, User
from assurance.roles import Kind, Role
from tests import factories
from tests.harness.worlds import worlds


@pytest.fixture
def shop(db: None) -> Organisation:
    return factories.organisation(Kind.MERCHANT, code="WORLDS", name="A shop")


@pytest.fixture
def keeper(shop: Organisation) -> User:
    found = factories.user(Role.MERCHANT_OWNER, shop, name="Keeper")
    shop.name_en = "changed by who came after"
    return found


@pytest.fixture
def helper(shop: Organisation) -> User:
    return factories.user(Role.MERCHANT_OPERATOR, shop, name="Helper")


@pytest.fixture
def filed(shop: Organisation, tmp_path: Path) -> Path:
    """Stands on a folder of this test alone."""
    factories.user(Role.MERCHANT_OPERATOR, shop, name="Filed")
    return tmp_path


@pytest.fixture
def maker(shop: Organisation) -> Any:
    return lambda: shop


def names() -> set[str]:
    return set(User.objects.filter(organisation__code="WORLDS").values_list("name", flat=True))


class TestAKeptFixture:
    @pytest.mark.parametrize("time", ["first", "second", "third"])
    def test_is_as_it_was_made_whatever_the_last_test_did(self, shop: Organisation, keeper: User, time: str) -> None:
        assert (shop.name, shop.name_en, keeper.name) == ("A shop", "changed by who came after", "Keeper")
        assert keeper.organisation is shop  # the values belong together as they did when they were made
        assert names() == {"Keeper"}
        assert worlds.kept() == ["shop", "keeper"]

        shop.name = keeper.name = "spoiled"
        keeper.save(update_fields=["name"])
        factories.user(Role.MERCHANT_OPERATOR, shop, name="Somebody")

    def test_is_gone_where_nobody_asks_for_it(self, shop: Organisation) -> None:
        assert names() == set()

    def test_makes_room_for_another(self, shop: Organisation, helper: User) -> None:
        assert names() == {"Helper"}

    def test_is_gone_with_what_it_stood_on(self, db: None) -> None:
        assert not Organisation.objects.filter(code="WORLDS").exists()


class TestAFixtureOfOneTest:
    @pytest.mark.parametrize("time", [1, 2])
    def test_is_made_anew_when_it_stands_on_a_folder(self, filed: Path, time: int) -> None:
        assert names() == {"Filed"}
        assert not list(filed.iterdir())
        assert worlds.kept() == ["shop"]
        (filed / "paper").touch()

    @pytest.mark.parametrize("time", [1, 2])
    def test_is_made_anew_when_it_is_a_function(self, shop: Organisation, maker: Any, time: int) -> None:
        assert maker() is shop
        assert worlds.kept() == ["shop"]
