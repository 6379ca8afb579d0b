"""Migrate without drawing the whole house again at every step.

Django keeps a class for every model at every step of the history and draws, with the one that changed, whatever is related to it, over
however many others. With us everything is related to organisations and people: a hundred migrations drew 39,000 classes, a minute's work.
Here only the model that changed is drawn again, and the state is marked as Django marks it when it postpones the rest (``is_delayed``):
what needs all of it, as code that reads and writes rows does, has everything drawn afresh. The database comes out the same
(``tests/deploy/test_migrating.py``).

Only an empty database is made so: that is what the test compares. One with somebody's data goes Django's own way, step by step.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations import operations
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.db.migrations.utils import field_is_referenced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.migrations.operations.base import Operation

REACHING_FURTHER = (operations.AlterField, operations.RenameField, operations.RenameModel, operations.AlterModelTable)
"""Operations that may change the columns of others: those that refer to what is changed."""


def migrate() -> None:
    """Bring the database of the default connection up to date."""
    with lean_states() if is_empty() else nullcontext():
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)


def is_empty() -> bool:
    """Say whether the database of the default connection was never migrated."""
    return not MigrationRecorder(connection).has_table()


@contextmanager
def lean_states() -> Iterator[None]:
    """Draw only what changed meanwhile."""
    instead: list[tuple[type[Any], str, Any]] = [(ProjectState, "_find_reload_model", only_itself)]
    instead += [(kind, "database_forwards", seeing_all(kind.database_forwards)) for kind in REACHING_FURTHER]
    usual = [(kind, name, getattr(kind, name)) for kind, name, _ in instead]
    for kind, name, method in instead:
        setattr(kind, name, method)
    try:
        yield
    finally:
        for kind, name, method in usual:
            setattr(kind, name, method)


def only_itself(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:  # noqa: ARG001  Django's own
    state.is_delayed = True
    return {(app_label, model_name)}


def seeing_all(forwards: Any) -> Any:
    """Return the step with everything drawn before it, where it reaches further than its own table."""

    def forwards_seeing_all(operation: Operation, app_label: str, editor: Any, before: ProjectState, after: ProjectState) -> None:
        if reaches_further(operation, app_label, before):
            before.clear_delayed_apps_cache()
            after.clear_delayed_apps_cache()
        forwards(operation, app_label, editor, before, after)

    return forwards_seeing_all


def reaches_further(operation: Operation, app_label: str, state: ProjectState) -> bool:
    if not isinstance(operation, operations.AlterField):
        return True
    model = app_label, operation.model_name_lower
    field = state.models[model].fields[operation.name]
    return bool(field.primary_key or field_is_referenced(state, model, (operation.name, field)))
