"""The rules of the house that import-linter cannot see. Every checker is shown a sinner first."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[1]
APPS = ("aftersales", "logistics", "qc", "warehouse", "assurance")
PACKAGES = {
    "aftersales": ("diagnosis", "signals", "cases", "reviews"),
    "assurance": (
        "catalog",
        "badges",
        "categories",
        "enrollment",
        "claims",
        "certificates",
        "qualification",
        "fees",
        "gates",
        "evidence",
        "imports",
        "products",
        "runs",
        "files",
        "notices",
        "accounts",
        "events",
        "web",
    ),
    "warehouse": ("returns", "orders", "inbound", "stock"),
    "logistics": ("tracking", "dispatch", "couriers"),
    "qc": ("returned", "quality", "labs", "promises", "inspections", "checks", "nonconformance"),
}
DOORS = ("views", "api", "forms", "tasks", "admin")
SAVING = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
PUBLISHING = {"delay", "apply_async", "send_task"}
PUBLISHER = "assurance/events/relay.py"


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Return every module of the apps, without migrations."""
    for folder in folders or APPS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if "/migrations/" not in name:
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def is_door(name: str) -> bool:
    return any(part.removesuffix(".py") in DOORS for part in name.split("/"))


def calls(tree: ast.AST, names: set[str]) -> list[int]:
    """Return the lines that call a method of one of these names on something of the ORM or of Celery."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    ]


def saves(tree: ast.AST) -> list[int]:
    """Return the lines that save: a saving method called on ``….objects`` or on a query, or ``.save()`` on anything."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SAVING:
            chain = ast.unparse(node.func.value)
            if node.func.attr in ("save", "bulk_create", "bulk_update") or ".objects" in chain:
                lines.append(node.lineno)
    return lines


def climbing(model: type[models.Model], field: models.Field) -> str:
    """Return what is wrong with a relation: it points up, or shows itself in another app."""
    target = field.related_model
    if target is None or isinstance(target, str):
        return ""
    here, there = place(model), place(target)
    if here is None or there is None:
        return ""
    if here[0] != there[0]:
        if APPS.index(here[0]) > APPS.index(there[0]):
            return f"{model.__name__}.{field.name} points up from {here[0]} to {there[0]}"
        if not str(field.remote_field.related_name or "").endswith("+"):
            return f"{model.__name__}.{field.name} shows itself on {target.__name__}, in another app"
    elif rank(here) > rank(there):
        return f"{model.__name__}.{field.name} points up from {here[1]} to {there[1]}"
    return ""


def place(model: type[models.Model]) -> tuple[str, str] | None:
    """Return the app and the package that a model lives in; others' models live nowhere."""
    app, _, rest = model.__module__.partition(".")
    return (app, rest.split(".", 1)[0]) if app in APPS else None


def rank(place: tuple[str, str]) -> int:
    return PACKAGES[place[0]].index(place[1])


class TestTheModelGraph:
    def test_points_down_only(self) -> None:
        found = [
            said
            for model in apps.get_models()
            for field in model._meta.get_fields()
            if isinstance(field, models.ForeignKey | models.ManyToManyField) and (said := climbing(model, field))
        ]

        assert found == []

    def test_has_no_cascade(self) -> None:
        found = [
            f"{model.__name__}.{field.name}"
            for model in apps.get_models()
            if place(model)
            for field in model._meta.get_fields()
            if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
        ]

        assert found == []

    def test_would_be_caught_pointing_up(self) -> None:
        from assurance.accounts.models import User
        from assurance.badges.models import Badge
        from warehouse.stock.models import Lot

        up = models.ForeignKey(Lot, models.PROTECT, related_name="+")
        up.contribute_to_class(type("Fake", (), {"_meta": Badge._meta, "__module__": Badge.__module__}), "lot", private_only=True)
        up.remote_field.model = Lot
        assert climbing(Badge, up).endswith("points up from assurance to warehouse")
        badge = models.ForeignKey(Badge, models.PROTECT)
        badge.name, badge.remote_field.model = "badge", Badge
        assert climbing(User, badge) == "User.badge points up from accounts to badges"


class TestDoors:
    def test_do_not_save(self) -> None:
        found = [f"{name}:{line}" for name, tree in sources() if is_door(name) for line in saves(tree)]

        assert found == []

    @pytest.mark.parametrize("sin", ["lot.save()", "Lot.objects.create(x=1)", "Lot.objects.filter(x=1).update(y=2)"])
    def test_would_be_caught_saving(self, sin: str) -> None:
        assert saves(ast.parse(sin)) == [1]

    def test_may_update_what_is_no_row(self) -> None:
        assert saves(ast.parse("context.update(x=1); form.fields.update(y=2)")) == []


class TestTheBroker:
    def test_is_spoken_to_by_the_relay_alone(self) -> None:
        found = [f"{name}:{line}" for name, tree in sources() if name != PUBLISHER for line in calls(tree, PUBLISHING)]

        assert found == []

    def test_would_be_caught_elsewhere(self) -> None:
        assert calls(ast.parse("run_job.delay(1)\nrun_job.apply_async((1,))"), PUBLISHING) == [1, 2]


class TestRooms:
    def test_have_no_sacks(self) -> None:
        sacks = {"utils", "helpers", "common", "services", "misc"}

        assert [name for name, _ in sources() if Path(name).stem in sacks] == []

    def test_stay_below_four_hundred_lines(self) -> None:
        found = [name for name, _ in sources() if (ROOT / name).read_text(encoding="utf-8").count("\n") > 400]

        assert found == []

    def test_are_all_known(self) -> None:
        """A package that the order does not name stands outside every rule."""
        found = {app: tuple(sorted(path.parent.name for path in (ROOT / app).glob("*/models.py"))) for app in PACKAGES}

        assert found == {
            app: tuple(sorted(name for name in names if (ROOT / app / name / "models.py").exists())) for app, names in PACKAGES.items()
        }
