"""Fields that are worked out once a class are every answer's own."""

from __future__ import annotations

from assurance.products.api.serializers import CategoryOut, ProductOut


class TestFields:
    def test_are_the_same_in_every_answer_and_belong_to_each(self) -> None:
        first, second = ProductOut().fields, ProductOut().fields

        assert {name: repr(field) for name, field in first.items()} == {name: repr(field) for name, field in second.items()}
        assert all(first[name] is not second[name] for name in first)

    def test_are_those_of_their_class(self) -> None:
        assert (list(CategoryOut().fields), list(ProductOut().fields)) == (list(CategoryOut.Meta.fields), list(ProductOut.Meta.fields))
