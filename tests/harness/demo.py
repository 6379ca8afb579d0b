"""The demo month, loaded once a session: who asks first loads it, everybody gets a clone of it."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connections
from django.test import override_settings

from tests.harness import session
from tests.harness.databases import CommittedDatabase, create_clone, drop_clone, give_witness, own_clone, route_to

NAME = "demo_month"


@contextmanager
def demo_month(usual: str, media: Path) -> Iterator[CommittedDatabase]:
    """Route to a clone of the month, with copies of its files and of what its log's witness has seen; then back to the usual database."""
    loaded = Path(os.environ[session.FOLDER]) / NAME
    loaded.mkdir(exist_ok=True)
    with (loaded / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (loaded / "done").exists():
            try:
                _load(loaded / "media")
            finally:
                connections.close_all()
                route_to(usual)
                give_witness(usual)
            (loaded / "done").touch()
    shutil.copytree(loaded / "media", media, dirs_exist_ok=True)
    with own_clone(usual, template=NAME) as database, override_settings(MEDIA_ROOT=media):
        if (seen := loaded.parent / "witness" / NAME).exists():
            shutil.copytree(seen, os.environ["WITNESS_DIR"], dirs_exist_ok=True)
        yield database


def _load(media: Path) -> None:
    media.mkdir(exist_ok=True)
    drop_clone(NAME)  # a load that failed
    create_clone(NAME)
    route_to(NAME)
    give_witness(NAME)
    with override_settings(MEDIA_ROOT=media):
        call_command("load_demo", verbosity=0)
