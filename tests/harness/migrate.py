"""``python -m tests.harness.migrate LIST``: migrate the environment's database; list the project's files that decided the result."""

import json
import sys
from pathlib import Path

import django
from django.apps import AppConfig
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from deploy.migrating import migrate

ROOT = Path(__file__).resolve().parents[2]
decisive: list[str] = []


class Witness(AppConfig):
    """Looks around when models and migrations are loaded, but not yet what the apps load when they get ready."""

    name = "tests.harness"
    label = "witness"

    def ready(self) -> None:
        MigrationLoader(None)
        vars(sys.modules["__main__"])["decisive"].extend(project_files())  # this module has two names


def project_files() -> list[str]:
    """Return the loaded modules of the project, relative to its root."""
    files = (Path(file) for module in list(sys.modules.values()) if (file := getattr(module, "__file__", None)))
    ours = (file.relative_to(ROOT) for file in files if file.is_relative_to(ROOT))
    return sorted(str(file) for file in ours if file.parts[0] not in (".venv", "node_modules"))


if __name__ == "__main__":
    settings.INSTALLED_APPS.insert(0, "tests.harness.migrate.Witness")
    django.setup()
    migrate()
    Path(sys.argv[1]).write_text(json.dumps(decisive))
