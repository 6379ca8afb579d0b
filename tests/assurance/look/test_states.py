"""Every state that can be stored or computed is dressed, and nothing else is."""

import pytest
from django.apps import apps
from django.db.models import CharField, CheckConstraint, Model, Q

from assurance import states
from assurance.badges.validity import Status
from assurance.templatetags import ui

APPS = ("assurance", "warehouse", "qc", "logistics", "aftersales")
NAMES = ("state", "verdict", "severity", "status", "custody", "defect_class")


def checked(model: type[Model], name: str) -> set[str]:
    """Return the values a CHECK of the form ``name IN (…)`` allows."""
    found: set[str] = set()
    for constraint in model._meta.constraints:
        condition = constraint.condition if isinstance(constraint, CheckConstraint) else None
        if isinstance(condition, Q) and len(condition.children) == 1 and isinstance(condition.children[0], tuple):
            lookup, values = condition.children[0]
            if lookup == f"{name}__in":
                found |= {str(value) for value in values}
    return found


def columns() -> dict[str, set[str]]:
    """Return every state column of the house with the values it may hold."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label not in APPS:
            continue
        for field in model._meta.local_fields:
            column = f"{model._meta.label_lower}.{field.name}"
            if isinstance(field, CharField) and (field.name in NAMES or column in states.STATES):
                found[column] = {str(value) for value, _ in field.flatchoices} | checked(model, field.name)
    return found


class TestTheTableOfStates:
    def test_dresses_every_state_column_and_every_value_of_it(self):
        assert {column: set(values) for column, values in states.STATES.items()} == columns()

    def test_dresses_what_is_computed(self):
        assert set(states.COMPUTED["assurance.badge.status"]) == set(Status)

    def test_knows_only_seven_tones(self):
        dressed = {dress.tone for table in (states.STATES, states.COMPUTED) for values in table.values() for dress in values.values()}
        assert dressed == set(states.TONES) == set(states.ICONS)

    def test_names_icons_that_exist(self):
        for table in (states.STATES, states.COMPUTED):
            for dress in {dress for values in table.values() for dress in values.values()}:
                ui.drawn(dress.icon, "w-i")

    def test_refuses_what_it_does_not_know(self):
        with pytest.raises(KeyError):
            states.dress("assurance.enrolment.state", "lost")
        with pytest.raises(KeyError):
            states.dress("assurance.nothing.state", "draft")
