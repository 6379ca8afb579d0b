"""A migrated cluster from an earlier session, used again while everything it was made from is unchanged.

Migrating takes seconds and grows with the platform; copying the stopped cluster takes a tenth of one. Its key is the content of all
models, all migrations and what they import, of the locked wheels, and the look of ``data/``. Standard library only.
"""

import fcntl
import hashlib
import json
import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".cache" / "test-cluster"
ALWAYS = (
    "requirements/dev.txt",
    "deploy/embedded/*",
    "tests/harness/host.py",
    "tests/harness/migrate.py",
    "*/migrations/*.py",
    "*/*/migrations/*.py",
)
KEPT = ("data", "passwords.json")


def key(sources: list[str], user: pwd.struct_passwd | None) -> str:
    """Return the digest of everything the cluster was, or would be, made from."""
    digest = hashlib.sha256(f"{user.pw_name if user else os.geteuid()}".encode())
    for file in _files(sources):
        digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
        digest.update(file.read_bytes() if file.is_file() else b"gone")
    for file in sorted((ROOT / "data").rglob("*")):
        found = file.stat()
        digest.update(f"\0{file.name} {found.st_size} {found.st_mtime_ns}".encode())
    return digest.hexdigest()


def _files(sources: list[str]) -> list[Path]:
    return sorted({ROOT / name for name in sources} | {file for pattern in ALWAYS for file in ROOT.glob(pattern) if _is_ours(file)})


def _is_ours(file: Path) -> bool:
    return file.is_file() and file.relative_to(ROOT).parts[0] not in (".venv", "node_modules", "var", ".cache")


@contextmanager
def _alone() -> Iterator[None]:
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fetch(home: Path, user: pwd.struct_passwd | None) -> bool:
    """Copy the cluster to its new home; return False if there is none or it was made from something else."""
    with _alone():
        told = FOLDER / "made-from.json"
        if not told.exists():
            return False
        made = json.loads(told.read_text())
        if made["key"] != key(made["sources"], user):
            return False
        _copy(FOLDER, home, user)
        return True


def keep(home: Path, sources: list[str], user: pwd.struct_passwd | None, *, begun_at: float) -> None:
    """Keep a copy of the stopped cluster instead of the former one, unless somebody has edited a file while it was made."""
    if any(file.exists() and file.stat().st_mtime >= begun_at for file in _files(sources)):
        return
    with _alone():
        told = FOLDER / "made-from.json"
        told.unlink(missing_ok=True)
        _copy(home, FOLDER, None)
        told.write_text(json.dumps({"key": key(sources, user), "sources": sources}))


def _copy(source: Path, target: Path, user: pwd.struct_passwd | None) -> None:
    data, passwords = KEPT
    shutil.rmtree(target / data, ignore_errors=True)
    target.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source / data, target / data)
    shutil.copy2(source / passwords, target / passwords)
    if user:
        for path in (target / data, *(target / data).rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)
