"""What lists may be asked for: declared filters that refuse a senseless value, and declared orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from drf_spectacular.utils import extend_schema_field
from rest_framework.filters import BaseFilterBackend

from assurance.web import fields, numbers
from assurance.web.problems import Flaw, of_flaws, problem
from assurance.web.rejection import Rejection
from assurance.web.wording import SENTENCES, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model, QuerySet
    from django.utils.functional import Promise
    from rest_framework.request import Request
    from rest_framework.views import APIView


class IdField(fields.StrictIntegerField):
    """Any number a row may have."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=numbers.INT64_MAX, **kwargs)


class FlagField(forms.ChoiceField):
    """``true`` or ``false``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[("true", "true"), ("false", "false")], **kwargs)

    def clean(self, value: Any) -> Any:
        given = super().clean(value)
        return given == "true" if given else None


class VisibleKeyField(fields.StrictCharField):
    """The id or code of something the asker may see."""

    def __init__(self, *, model: type[Model], by: str, user: Any = None, **kwargs: Any) -> None:
        self.model, self.by, self.user = model, by, user
        super().__init__(max_length=64, **kwargs)

    def clean(self, value: Any) -> Any:
        given = super().clean(value)
        if not given:
            return None
        key = fields.judged(numbers.whole_from_text, given, most=numbers.INT64_MAX) if self.by == "pk" else given
        found = self.model._default_manager.visible_to(self.user).filter(**{self.by: key}).first()  # type: ignore[attr-defined]
        if found is None:
            raise ValidationError(sentence("not_found"), code="not_found")
        return found


class TextFilter(django_filters.CharFilter):
    """Text, compared as the filter says (``lookup_expr``)."""

    field_class = fields.StrictCharField

    def __init__(self, *args: Any, max_length: int = 80, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **kwargs)


@extend_schema_field({"type": "integer"})
class WholeFilter(django_filters.Filter):
    """A whole number."""

    field_class = fields.StrictIntegerField


@extend_schema_field({"type": "integer", "minimum": 1})
class IdFilter(django_filters.Filter):
    """The id of a row; one that nobody has finds nothing."""

    field_class = IdField


class OneOfFilter(django_filters.ChoiceFilter):
    """One of the stored values of a column."""

    field_class = forms.ChoiceField

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=[("", ""), *choices], **kwargs)
        for unwanted in ("empty_label", "null_label", "null_value"):
            self.extra.pop(unwanted, None)


@extend_schema_field({"type": "string", "format": "date"})
class DayFilter(django_filters.Filter):
    """A calendar day."""

    field_class = fields.DayField


@extend_schema_field({"type": "string", "format": "date-time"})
class MomentFilter(django_filters.Filter):
    """A moment; without an offset it is meant in the time zone the asker has chosen."""

    field_class = fields.MomentField


@extend_schema_field({"type": "boolean"})
class FlagFilter(django_filters.Filter):
    """``true`` or ``false``."""

    field_class = FlagField


@extend_schema_field({"type": "string"})
class VisibleFilter(django_filters.Filter):
    """Something the asker may see; what he may not see is refused like what does not exist."""

    field_class = VisibleKeyField

    def __init__(self, *args: Any, model: type[Model], by: str = "pk", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extra.update(model=model, by=by)

    @property
    def field(self) -> Any:
        self.extra["user"] = self.parent.request.user
        return super().field


class StrictFilterSet(FilterSet):
    """Every filter is declared; none grows from a model by itself."""

    FILTER_DEFAULTS: Any = {}


class StrictFilters(DjangoFilterBackend):
    """Applies a view's filters; a value that is none of theirs is refused instead of ignored."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        """:raises Rejection: invalid_filter"""
        declared = self.get_filterset_class(view, queryset)
        if declared is None or request.query_params.keys().isdisjoint(declared.base_filters):
            return queryset  # nothing is narrowed: the form that reads the filters need not be made
        filterset = self.get_filterset(request, queryset, view)
        if not filterset.is_valid():
            raise Rejection(of_flaws([_flaw(name, errors) for name, errors in filterset.errors.as_data().items()]))
        return filterset.qs


class StrictOrdering(BaseFilterBackend):
    """Orders a list by one of the names in the view's ``orderings``, and by id where they are equal."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        """:raises Rejection: invalid_ordering"""
        asked = request.query_params.get("ordering", "")
        if not asked:
            return queryset.order_by(*view.default_ordering)  # type: ignore[attr-defined]
        columns: Mapping[str, str] = view.orderings  # type: ignore[attr-defined]
        name = asked.removeprefix("-")
        if name not in columns:
            raise Rejection(problem("invalid_ordering", where="ordering"))
        sign = "-" if asked.startswith("-") else ""
        return queryset.order_by(f"{sign}{columns[name]}", f"{sign}pk")

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = sorted(getattr(view, "orderings", {}))
        if not names:
            return []
        values = [sign + name for name in names for sign in ("", "-")]
        return [{"name": "ordering", "in": "query", "required": False, "schema": {"type": "string", "enum": values}}]


def _flaw(name: str, errors: list[ValidationError]) -> Flaw:
    error = errors[0]
    message: str | Promise = error.message if error.code in SENTENCES else SENTENCES["invalid_filter"]
    return Flaw("invalid_filter", str(message), name)
