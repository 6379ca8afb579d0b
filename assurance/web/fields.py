"""Form fields with the same rules as the API's: what a page refuses, the API refuses, in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from assurance.web import moments, numbers, text
from assurance.web.invalid import Invalid
from assurance.web.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from decimal import Decimal

T = TypeVar("T")


def judged(rule: Callable[..., T], value: object, **bounds: object) -> T:
    """Apply a rule; say in the form's way what it raises."""
    try:
        return rule(value, **bounds)
    except Invalid as found:
        raise ValidationError(sentence(found.code, found.params), code=found.code) from None


class StrictCharField(forms.CharField):
    """One line of text without characters that hide, reorder or break it."""

    several_lines = False

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.validators.clear()  # the rules below say all of it, in their own words

    def to_python(self, value: object) -> str:
        given = "" if value in self.empty_values else str(value)
        return judged(text.clean, given, max_length=self.max_length, several_lines=self.several_lines)


class StrictTextField(StrictCharField):
    """Several lines of text."""

    several_lines = True
    widget = forms.Textarea


class StrictIntegerField(forms.CharField):
    """A whole number in ASCII digits, from 1 unless said otherwise."""

    widget = forms.NumberInput

    def __init__(self, *, least: int = 1, most: int = numbers.INT32_MAX, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        given = super().clean(value)
        return judged(numbers.whole_from_text, given, least=self.least, most=self.most) if given else None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:  # noqa: ARG002  the framework's signature
        return {"min": self.least, "max": self.most, "step": 1, "inputmode": "numeric"}


class QuantityField(StrictIntegerField):
    """How many pieces, at least one and at most ten million in one go."""

    def __init__(self, *, least: int = 1, most: int = 10_000_000, **kwargs: Any) -> None:
        super().__init__(least=least, most=most, **kwargs)


class MoneyField(forms.CharField):
    """An amount in CNY like 12.30."""

    def __init__(self, *, zero_ok: bool = False, negative_ok: bool = False, **kwargs: Any) -> None:
        self.zero_ok, self.negative_ok = zero_ok, negative_ok
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        given = super().clean(value)
        return judged(numbers.money, given, zero_ok=self.zero_ok, negative_ok=self.negative_ok) if given else None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:  # noqa: ARG002  the framework's signature
        return {"inputmode": "decimal", "autocomplete": "off"}


class RateField(forms.CharField):
    """A share or rate like 0.05, from 0 to 1 unless said otherwise."""

    def __init__(self, *, least: Decimal = numbers.NOTHING, most: Decimal = numbers.ALL, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        given = super().clean(value)
        return judged(numbers.rate, given, least=self.least, most=self.most) if given else None


class DayField(forms.CharField):
    """A calendar day like 2026-03-01."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> date | None:
        given = super().clean(value)
        return judged(moments.day, given) if given else None


class MomentField(forms.CharField):
    """A moment; typed without an offset it is meant in the time zone the person has chosen."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def clean(self, value: Any) -> Any:
        given = super().clean(value)
        return judged(moments.local_moment, given, zone=timezone.get_current_timezone()) if given else None


MOST_PHOTOS = 6


class Photos(forms.ClearableFileInput):
    """Several pictures at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """A few pictures."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=Photos(attrs={"accept": "image/*", "capture": "environment", "multiple": True}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [file for file in data if file] if isinstance(data, list | tuple) else [data]
        if not self.required and not any(files):
            return []
        return [super(PhotosField, self).clean(file, initial) for file in (files or [None])[:MOST_PHOTOS]]
