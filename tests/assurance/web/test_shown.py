"""Fields that are worked out once a class are every answer's own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from assurance.products.api.serializers import CategoryOut, ProductOut
from assurance.web.shown import moment


class TestFields:
    def test_are_the_same_in_every_answer_and_belong_to_each(self) -> None:
        first, second = ProductOut().fields, ProductOut().fields

        assert {name: repr(field) for name, field in first.items()} == {name: repr(field) for name, field in second.items()}
        assert all(first[name] is not second[name] for name in first)

    def test_are_those_of_their_class(self) -> None:
        assert (list(CategoryOut().fields), list(ProductOut().fields)) == (list(CategoryOut.Meta.fields), list(ProductOut.Meta.fields))

    @pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "Asia/Kathmandu"])
    @pytest.mark.parametrize("micro", [0, 120])
    def test_say_a_moment_as_the_framework_does(self, zone: str, micro: int) -> None:
        at = datetime(2026, 11, 23, 16, 30, microsecond=micro, tzinfo=UTC)
        with timezone.override(zone):
            said = ProductOut().fields["created_at"].to_representation(at)

            assert moment(at, timezone.get_current_timezone()) == said
