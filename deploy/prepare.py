"""Bring the database to where the platform can start: migrate as the owner, then load what ships as the application role.

``python -m deploy.prepare`` with both roles' addresses in the environment; one process, because starting Django costs a second.
"""

import argparse
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections

from assurance import env
from deploy.migrating import migrate
from deploy.setup import fingerprint

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def as_owner() -> Iterator[None]:
    """Let the default connection be the owner's meanwhile."""
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
    """Say whether nobody can sign in: a replay brings in people who never do."""
    from django.contrib.auth import get_user_model

    from demo.replay.cast import DOMAIN

    return not get_user_model()._default_manager.exclude(email__endswith=f"@{DOMAIN}").exists()


def forget_old_hearts() -> None:
    """What beat before this start says nothing about it."""
    from assurance.events.models import Heartbeat

    Heartbeat.objects.all().delete()


def make_files() -> None:
    """Compile the messages and collect the static files; an image has both built in."""
    from deploy.messages import compile_messages  # needs Babel, which an image has not

    compile_messages()
    collect_static_files()


def main() -> None:
    parser = argparse.ArgumentParser(description="Bring the database up to date.")
    parser.add_argument("--here", action="store_true", help="for make run: messages, static files and demo data too")
    here = parser.parse_args().here
    django.setup()
    if here:
        make_files()
    with as_owner():
        migrate()
    call_command("check", tags=["reliability"], databases=["default"], stdout=io.StringIO())
    call_command("load_reference", verbosity=0, stdout=io.StringIO())
    forget_old_hearts()
    if here and not settings.PRODUCTION:
        if env.flag("LOAD_DEMO", default=True) and is_empty():
            print("the database is empty: loading the demo …", file=sys.stderr, flush=True)
            call_command("load_demo", stdout=io.StringIO())
        call_command("load_demo", print_sign_ins=True)


if __name__ == "__main__":
    try:
        main()
    except (CommandError, OperationalError) as error:
        sys.exit(f"{type(error).__name__}: {str(error).strip()}")
