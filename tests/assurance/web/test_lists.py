"""What a list names is looked up at once; the lists inside a list each for themselves."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from assurance.products.models import Product
from assurance.web.serializers import StrictSerializer, VisibleField
from tests import goods

if TYPE_CHECKING:
    from assurance.accounts.models import Organisation, User


class Thing(StrictSerializer):
    product = VisibleField(Product)


class Box(StrictSerializer):
    things = Thing(many=True)


@pytest.mark.parametrize("sizes", [(2, 1), (1, 2), (2, 2), (1, 1)])
def test_a_list_inside_a_list_is_not_judged_by_the_one_before(amal: User, other_merchant: Organisation, sizes: tuple[int, int]) -> None:
    products = [goods.enrolled(amal.organisation, sku=f"A-{number}", gtin="").pk for number in range(sum(sizes))]
    boxes = [products[: sizes[0]], products[sizes[0] :]]

    def read(given: list[list[int]]) -> Box:
        data = [{"things": [{"product": pk} for pk in box]} for box in given]
        return Box(data=data, many=True, context={"request": SimpleNamespace(user=amal)})

    taken, foreign = read(boxes), read([boxes[0], [goods.enrolled(other_merchant).pk]])

    assert taken.is_valid(), taken.errors
    assert [[thing["product"].pk for thing in box["things"]] for box in taken.validated_data] == boxes
    assert (foreign.is_valid(), list(foreign.errors)) == (False, [1])
    assert foreign.errors[1]["things"][0]["product"][0].code == "not_found"
