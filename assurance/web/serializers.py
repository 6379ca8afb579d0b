"""What the API accepts: fields that take one spelling of a value, and objects without unknown fields."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from assurance.web import moments, numbers, text
from assurance.web.invalid import Invalid
from assurance.web.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from django.db.models import Model, QuerySet

T = TypeVar("T")

MOST_ITEMS: Final = 500
PLAIN_TEXT: Final = r"^[^\u0000-\u001F\u007F-\u009F\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF]*$"
"""For the description only; ``text.clean`` decides."""


def detail(code: str, **params: object) -> ErrorDetail:
    """Return what is wrong, in the contract's own words."""
    return ErrorDetail(sentence(code, params), code)


def refuse(code: str, **params: object) -> serializers.ValidationError:
    """Return the error of one field."""
    return serializers.ValidationError(detail(code, **params))


def judged(rule: Callable[..., T], value: object, **bounds: object) -> T:
    """Apply a rule; say in the framework's way what it raises."""
    try:
        return rule(value, **bounds)
    except Invalid as found:
        raise refuse(found.code, **found.params) from None


class StrictTextField(serializers.Field[str, Any, str, Any]):
    """Text of a bounded length without characters that hide, reorder or break it; trimmed and in NFC."""

    def __init__(self, *, max_length: int, allow_blank: bool = False, several_lines: bool = False, **kwargs: Any) -> None:
        self.max_length, self.allow_blank, self.several_lines = max_length, allow_blank, several_lines
        super().__init__(**kwargs)

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str):
            raise refuse("text_expected")
        value = judged(text.clean, data, max_length=self.max_length, several_lines=self.several_lines)
        if not value and not self.allow_blank:
            raise refuse("required")
        return value

    def described(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 0 if self.allow_blank else 1, "maxLength": self.max_length, "pattern": PLAIN_TEXT}

    def to_representation(self, value: object) -> str:
        return str(value)


class StrictIntegerField(serializers.Field[int, Any, int, Any]):
    """A whole number within bounds, from 1 unless said otherwise; no text, no ``1.0``, no ``true``."""

    def __init__(self, *, least: int = 1, most: int = numbers.INT32_MAX, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**kwargs)

    def to_internal_value(self, data: object) -> int:
        return judged(numbers.whole, data, least=self.least, most=self.most)

    def described(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def to_representation(self, value: int) -> int:
        return int(value)


class QuantityField(StrictIntegerField):
    """How many pieces, at least one and at most ten million in one go."""

    def __init__(self, *, least: int = 1, most: int = 10_000_000, **kwargs: Any) -> None:
        super().__init__(least=least, most=most, **kwargs)


class MoneyField(serializers.Field["Decimal", Any, str, Any]):
    """An amount in CNY; text like ``"12.30"`` both ways, so that no program reads it as a float."""

    def __init__(self, *, zero_ok: bool = False, negative_ok: bool = False, **kwargs: Any) -> None:
        self.zero_ok, self.negative_ok = zero_ok, negative_ok
        super().__init__(**kwargs)

    def to_internal_value(self, data: object) -> Decimal:
        return judged(numbers.money, data, zero_ok=self.zero_ok, negative_ok=self.negative_ok)

    def described(self) -> dict[str, Any]:
        return {"type": "string", "pattern": rf"^{numbers.MONEY}$", "maxLength": 16, "example": "12.30"}

    def to_representation(self, value: Decimal) -> str:
        return f"{value:.2f}"


class RateField(serializers.Field["Decimal", Any, str, Any]):
    """A share or rate with six decimals, from 0 to 1 unless said otherwise; text both ways."""

    def __init__(self, *, least: Decimal = numbers.NOTHING, most: Decimal = numbers.ALL, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**kwargs)

    def to_internal_value(self, data: object) -> Decimal:
        return judged(numbers.rate, data, least=self.least, most=self.most)

    def described(self) -> dict[str, Any]:
        return {"type": "string", "pattern": rf"^{numbers.RATE}$", "maxLength": 20, "example": "0.050000"}

    def to_representation(self, value: Decimal) -> str:
        return f"{value:.6f}"


class MomentField(serializers.Field["datetime", Any, str, Any]):
    """A moment with its time zone; given back in UTC."""

    def to_internal_value(self, data: object) -> datetime:
        return judged(moments.moment, data)

    def described(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time", "example": "2026-03-01T09:30:00+08:00"}

    def to_representation(self, value: datetime) -> str:
        return moments.written(value)


class DayField(serializers.Field["date", Any, str, Any]):
    """A calendar day."""

    def to_internal_value(self, data: object) -> date:
        return judged(moments.day, data)

    def described(self) -> dict[str, Any]:
        return {"type": "string", "format": "date", "example": "2026-03-01"}

    def to_representation(self, value: date) -> str:
        return value.isoformat()


class StrictBooleanField(serializers.Field[bool, Any, bool, Any]):
    """``true`` or ``false`` and nothing that looks like it."""

    def to_internal_value(self, data: object) -> bool:
        if not isinstance(data, bool):
            raise refuse("boolean_expected")
        return data

    def described(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def to_representation(self, value: bool) -> bool:
        return bool(value)


class StrictChoiceField(serializers.ChoiceField):
    """One of the stored values, spelled as stored."""

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str) or data not in self.choices:
            raise refuse("required" if data == "" else "invalid_choice")
        return data


class VisibleField(serializers.RelatedField["Model", Any, Any]):
    """Something the asker may see, named by its id or code. What others own answers like what does not exist."""

    known: dict[object, Model] | None = None

    def __init__(self, model: type[Model] | None = None, *, by: str = "pk", **kwargs: Any) -> None:
        self.model, self.by = model, by
        if not kwargs.get("read_only"):
            kwargs["queryset"] = model._default_manager.none() if model else None
        super().__init__(**kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        return self.model._default_manager.visible_to(self.context["request"].user)  # type: ignore[union-attr]

    def use_pk_only_optimization(self) -> bool:
        return self.by == "pk"

    def to_internal_value(self, data: object) -> Model:
        try:
            key = self.key(data)
            return self.get_queryset().get(**{self.by: key}) if self.known is None else self.known[key]
        except (ObjectDoesNotExist, KeyError, Invalid):
            raise refuse("not_found") from None

    def look_up(self, named: Iterable[object]) -> None:
        """Find what a whole list names in one query; what was not found then is not found at its place."""
        keys = set()
        for one in named:
            with suppress(Invalid):
                keys.add(self.key(one))
        self.known = {getattr(row, self.by): row for row in self.get_queryset().filter(**{f"{self.by}__in": keys})}

    def key(self, data: object) -> object:
        """Return what may be looked up; anything that no key can be is not found either."""
        return numbers.whole(data, most=numbers.INT64_MAX) if self.by == "pk" else _code(data)

    def described(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": 1} if self.by == "pk" else {"type": "string", "maxLength": 64}

    def to_representation(self, value: Any) -> object:
        return value.pk if self.by == "pk" else getattr(value, self.by)


class VisibleListField(serializers.Field["list[Model]", Any, Any, Any]):
    """Several things the asker may see, found in one query, in the order they were named."""

    def __init__(self, model: type[Model], *, by: str = "pk", most: int = MOST_ITEMS, **kwargs: Any) -> None:
        self.one = VisibleField(model, by=by)
        self.most = most
        super().__init__(**kwargs)

    def bind(self, field_name: str, parent: Any) -> None:
        super().bind(field_name, parent)
        self.one.bind("", self)  # type: ignore[arg-type]

    def to_internal_value(self, data: object) -> list[Model]:
        keys = [self._key(key) for key in a_list(data, self.most)]
        found = {getattr(row, self.one.by): row for row in self.one.get_queryset().filter(**{f"{self.one.by}__in": keys})}
        missing = {str(place): [detail("not_found")] for place, key in enumerate(keys) if key not in found}
        if missing:
            raise serializers.ValidationError(missing)
        return [found[key] for key in keys]

    def described(self) -> dict[str, Any]:
        return {"type": "array", "items": self.one.described(), "maxItems": self.most}

    def to_representation(self, value: Any) -> list[object]:
        return [self.one.to_representation(row) for row in value]

    def _key(self, data: object) -> object:
        try:
            return self.one.key(data)
        except Invalid:
            return None


class StrictListField(serializers.ListField):
    """A list of at most so many values."""

    def __init__(self, *, child: serializers.Field[Any, Any, Any, Any], most: int = MOST_ITEMS, **kwargs: Any) -> None:
        self.most = most
        super().__init__(child=child, **kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        return super().to_internal_value(a_list(data, self.most))


class StrictList(serializers.ListSerializer[Any]):
    """A list of objects; the framework makes it for ``many=True``."""

    def to_internal_value(self, data: Any) -> list[Any]:
        most = self.max_length or MOST_ITEMS  # type: ignore[attr-defined]
        items = a_list(data, most)
        self._look_up(items)
        return super().to_internal_value(items)

    def _look_up(self, items: Sequence[object]) -> None:
        # Whatever the length: a list inside a list reads with the fields of the one before, and must not believe what that one found.
        for field in self.child._writable_fields:  # type: ignore[union-attr]
            if isinstance(field, VisibleField):
                field.look_up(item[field.field_name] for item in items if isinstance(item, dict) and field.field_name in item)


class StrictSerializer(serializers.Serializer[Any]):
    """An object with exactly these fields; an unknown one is refused, because somebody meant something by it."""

    class Meta:
        list_serializer_class = StrictList

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise refuse("object_expected")
        known = {field.field_name for field in self._writable_fields}
        unknown = {name: [detail("unknown_field")] for name in data if name not in known}
        if unknown:
            raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


class NoInput(StrictSerializer):
    """The body of a verb that needs none: ``{}`` or nothing."""


def a_list(data: object, most: int) -> list[Any]:
    """Return a JSON list that is not too long."""
    if not isinstance(data, list):
        raise refuse("list_expected")
    if len(data) > most:
        raise refuse("too_many_items", max=most)
    return data


def _code(data: object) -> str:
    if not isinstance(data, str):
        raise Invalid("not_found")
    return text.clean(data, max_length=64)
