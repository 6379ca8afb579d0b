"""What the API answers with: a row as its columns, whose fields are worked out once."""

from __future__ import annotations

import copy
from typing import Any, TypeVar

from django.db.models import Model
from rest_framework import serializers

M = TypeVar("M", bound=Model)


class ShownRow(serializers.ModelSerializer[M]):
    """A row of a model. Which fields its columns become is worked out once a class, not at every answer; each answer has its own copies."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        made: dict[str, serializers.Field[Any, Any, Any, Any]] | None = type(self).__dict__.get("_fields_once")
        if made is None:
            made = super().get_fields()
            type(self)._fields_once = made  # type: ignore[attr-defined]
        return {name: copy.deepcopy(field) for name, field in made.items()}
