"""Bring the database to where the platform can start: migrate as the owner, then load what ships as the application role.

Run as ``python -m deploy.prepare`` with both roles' addresses in the environment; one process, because starting Django costs a second.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from deploy.messages import compile_messages
from deploy.setup import fingerprint

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def as_owner() -> Iterator[None]:
    """Let the default connection be the owner's meanwhile."""
    from assurance import env

    usual = dict(connections.settings["default"])
    connections.close_all()
    connections.settings["default"].update(env.database("DATABASE_OWNER_URL"))
    try:
        yield
    finally:
        connections.close_all()
        connections.settings["default"].update(usual)


def collect_static_files() -> None:
    """Collect them when one of them (or the set-up) has changed."""
    folder = Path(settings.STATIC_ROOT)
    stamp = folder.with_name(folder.name + ".made-from")
    sources = [ROOT / "package-lock.json", ROOT / "requirements" / "base.txt", ROOT / "assurance" / "static_files.py"]
    ours = (
        path for folder in ROOT.glob("*/static") if folder.parent.name not in ("var", "node_modules") for path in sorted(folder.rglob("*"))
    )
    seen = "\n".join(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in ours if path.is_file())
    key = fingerprint(*sources, seen)
    if folder.exists() and stamp.exists() and stamp.read_text() == key:
        return
    call_command("collectstatic", "--no-input", "--clear", verbosity=0)
    stamp.write_text(key)


def is_empty() -> bool:
    from django.contrib.auth import get_user_model

    return not get_user_model()._default_manager.exists()


def main() -> None:
    compile_messages()
    django.setup()
    collect_static_files()
    with as_owner():
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    call_command("check", "--tag", "reliability", "--database", "default", verbosity=0)
    call_command("load_reference", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    if not settings.PRODUCTION:
        if is_empty():
            call_command("load_demo")
        call_command("load_demo", "--print-sign-ins")


if __name__ == "__main__":
    sys.exit(main())
