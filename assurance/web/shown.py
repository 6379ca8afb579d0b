"""What the API answers with: a row as its columns, whose fields are worked out once."""

from __future__ import annotations

import copy
from datetime import datetime, tzinfo
from typing import Any, Final, TypeVar

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from rest_framework import serializers
from rest_framework.fields import SkipField
from rest_framework.relations import PKOnlyObject

M = TypeVar("M", bound=models.Model)
Shown = serializers.Field[Any, Any, Any, Any]
HOLDING_OTHERS: Final = (serializers.BaseSerializer, serializers.ListField, serializers.DictField, serializers.ManyRelatedField)
AS_READ: Final[dict[type[Shown], tuple[type[models.Field[Any, Any]], ...]]] = {
    serializers.CharField: (models.CharField, models.TextField),
    serializers.ChoiceField: (models.CharField,),
    serializers.IntegerField: (models.IntegerField,),
    serializers.BooleanField: (models.BooleanField,),
    serializers.DateTimeField: (models.DateTimeField,),
}
"""Fields that say a column of these kinds exactly as it was read; a moment in the zone of who asks."""


class ShownRow(serializers.ModelSerializer[M]):
    """A row of a model. Which fields its columns become is worked out once a class, not at every answer; each answer has its own copies."""

    def get_fields(self) -> dict[str, Shown]:
        made: dict[str, Shown] | None = type(self).__dict__.get("_fields_once")
        if made is None:
            made = super().get_fields()
            type(self)._fields_once = made  # type: ignore[attr-defined]
        return {name: copy.deepcopy(field) if isinstance(field, HOLDING_OTHERS) else copy.copy(field) for name, field in made.items()}

    def to_representation(self, instance: M) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for name, column, field in self._told:
            if column:
                value = getattr(instance, column)
                said[name] = moment(value, self._zone) if isinstance(value, datetime) else value
                continue
            try:
                value = field.get_attribute(instance)
            except SkipField:
                continue
            is_nothing = (value.pk if isinstance(value, PKOnlyObject) else value) is None
            said[name] = None if is_nothing else field.to_representation(value)
        return said

    @cached_property
    def _zone(self) -> tzinfo:
        return timezone.get_current_timezone()

    @cached_property
    def _told(self) -> list[tuple[str, str, Shown]]:
        """Name, column if the value goes out as it was read, and field of all that is said."""
        return [(str(field.field_name), column_of(field, self.Meta.model), field) for field in self._readable_fields]


def moment(value: datetime, zone: tzinfo) -> str:
    """Return what ``DateTimeField`` says of a moment, without asking the settings at every row."""
    said = value.astimezone(zone).isoformat()
    return said.removesuffix("+00:00") + "Z" if said.endswith("+00:00") else said


def column_of(field: Shown, model: type[models.Model]) -> str:
    """Return the column that a field says as it is, empty if there is more to it."""
    source = {one.name: one for one in model._meta.concrete_fields}.get(str(field.source))
    if source is None or hasattr(field, "format") or hasattr(field, "timezone"):
        return ""
    if type(field) is serializers.PrimaryKeyRelatedField:
        is_its_key = isinstance(source, models.ForeignKey) and source.target_field.primary_key
        return source.attname if is_its_key and field.pk_field is None else ""
    return source.attname if isinstance(source, AS_READ.get(type(field), ())) and not source.is_relation else ""
