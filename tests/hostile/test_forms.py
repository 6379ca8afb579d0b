"""Pages refuse what the API refuses: every form of the house, found by walking the packages, against the same rows."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

from assurance.web import fields as strict

APPS = ("assurance", "warehouse", "qc")
HARMLESS = (forms.ChoiceField, forms.BooleanField, forms.FileField)
"""They accept a closed set of values, or what ``assurance.files`` judges."""

TEXTS = ["a\x00b", "a\u202eb", "a\x07b", "Z" + "\u0351" * 5000, "x" * 100_000, "a\u2028b"]
WRONG: dict[type, list[str]] = {
    strict.StrictCharField: TEXTS,
    forms.RegexField: [*TEXTS, "１２３"],
    strict.StrictIntegerField: ["１２", "1.0", "1_0", "1e3", "9" * 5000, "abc", "a\x00b"],
    strict.MoneyField: ["１２.３", "1_000", "1E3", "1,000", "92233720368547758.08", "NaN", "1.234"],
    strict.RateField: ["１", "5%", "NaN", "0.1234567"],
    strict.DayField: ["2026-13-45", "9999-12-31", "２026-03-01", "20260301"],
    strict.MomentField: ["2026-13-45", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59", "now"],
}


def modules() -> Iterator[Any]:
    for app in APPS:
        package = importlib.import_module(app)
        for found in pkgutil.walk_packages(package.__path__, f"{app}."):
            if "forms" in found.name.rsplit(".", 1)[-1]:
                yield importlib.import_module(found.name)


def house_forms() -> list[type[forms.BaseForm]]:
    found = {
        thing
        for module in modules()
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, forms.BaseForm) and thing.__module__ == module.__name__
    }
    return sorted(found, key=lambda form: (form.__module__, form.__name__))


def kind_of(field: forms.Field) -> type | None:
    return next((kind for kind in WRONG if isinstance(field, kind)), None)


@pytest.mark.parametrize("form", house_forms(), ids=lambda form: f"{form.__module__}.{form.__name__}")
class TestAForm:
    def test_is_made_of_strict_fields(self, form):
        loose = {
            name: type(field).__name__
            for name, field in form.base_fields.items()
            if not kind_of(field) and not isinstance(field, HARMLESS) and not isinstance(field, forms.CharField) and not field.disabled
        }
        plain = {
            name: type(field).__name__
            for name, field in form.base_fields.items()
            if isinstance(field, forms.CharField) and not kind_of(field) and not is_password(field)
        }

        assert (loose, plain) == ({}, {})

    def test_refuses_what_the_api_refuses(self, form):
        accepted = []
        for name, field in form.base_fields.items():
            kind = kind_of(field)
            for value in WRONG[kind] if kind else ():
                try:
                    field.clean(value)
                except ValidationError:
                    continue
                accepted.append((name, value[:20]))

        assert accepted == []


def is_password(field: forms.Field) -> bool:
    """A password may hold any characters; it is hashed, never shown or stored."""
    return isinstance(field.widget, forms.PasswordInput)
