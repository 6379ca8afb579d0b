"""Saving many rows with values of their own in one statement."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, transaction

from assurance.database import update_each
from assurance.products.models import Product
from tests import goods

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from assurance.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(amal: User) -> list[Product]:
    return [goods.enrolled(amal.organisation, sku=f"U-{number}") for number in range(3)]


class TestUpdating:
    def test_gives_every_row_its_own_values_of_every_kind(
        self, three: list[Product], django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number, product in enumerate(three):
            product.price, product.attributes, product.shelf_life_days = Decimal(f"{number + 1}.50"), {"n": [number]}, None
            product.name = f"'); -- {number} %s"

        with django_assert_num_queries(1):
            assert update_each(three, ["price", "attributes", "shelf_life_days", "name"]) == 3

        kept = Product.objects.order_by("sku").filter(sku__startswith="U-")
        assert [(one.price, one.attributes, one.shelf_life_days, one.name) for one in kept] == [
            (Decimal(f"{number + 1}.50"), {"n": [number]}, None, f"'); -- {number} %s") for number in range(3)
        ]

    def test_refuses_what_is_too_long_instead_of_cutting_it_off(self, three: list[Product]) -> None:
        three[0].source = "x" * 17

        with pytest.raises(DatabaseError), transaction.atomic():
            update_each(three, ["source"])

    def test_of_nothing_asks_nothing(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        with django_assert_num_queries(0):
            assert update_each([], ["name"]) == 0
