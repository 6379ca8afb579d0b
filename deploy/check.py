"""``make check``: every gate that needs no database, two at a time; the output of those that fail is shown whole."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deploy.manage import NO_SERVER
from deploy.messages import compile_messages
from deploy.setup import ROOT

APPS = ("assurance", "warehouse", "qc", "logistics", "aftersales")
PACKAGES = (*APPS, "demo", "deploy", "tools", "benchmarks")
"""What mypy reads: the code. Tests pass keyword tables and stubs around that say nothing to a type checker."""
MANAGE = (sys.executable, "manage.py")
LOCAL = NO_SERVER | {"ENVIRONMENT": "local", "SECRET_KEY": "local-check"}
PRODUCTION = LOCAL | {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "only for make check: 0123456789 abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "wuyou.example",
    "PUBLIC_URL": "https://wuyou.example",
    "EMAIL_URL": "smtp://mail.wuyou.example",
    "CHECKPOINT_ORIGIN": "wuyou.example/log",
    "TRUST_PROXY": "true",
}


@dataclass(frozen=True)
class Gate:
    """One command that must exit with 0."""

    name: str
    command: tuple[str, ...]
    env: dict[str, str] = field(default_factory=lambda: LOCAL)


GATES = (
    Gate("mypy", (sys.executable, "-m", "mypy", *PACKAGES)),
    Gate("ruff check", (sys.executable, "-m", "ruff", "check", ".")),
    Gate("ruff format --check", (sys.executable, "-m", "ruff", "format", "--check", ".")),
    Gate("lint-imports", (sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")),
    Gate("makemigrations --check", (sys.executable, "-W", "ignore::RuntimeWarning", *MANAGE[1:], "makemigrations", "--check", "--dry-run")),
    Gate("check --deploy", (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
    Gate("messages --check", (*MANAGE, "messages", "--check")),
)


TEMPLATE = Gate(
    "database for the tests", (sys.executable, "-c", "from tests.harness import session; session.begin(); session.cluster(); session.end()")
)
"""``make test`` has it migrated beside the first gate, which takes longest and leaves a core idle."""


@dataclass(frozen=True)
class Outcome:
    gate: Gate
    seconds: float
    passed: bool
    output: str


def try_gate(gate: Gate) -> Outcome:
    began = time.monotonic()
    done = subprocess.run(
        gate.command, cwd=ROOT, env=os.environ | gate.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return Outcome(gate, time.monotonic() - began, done.returncode == 0, done.stdout)


def throw_away_key(folder: str) -> str:
    """Make a key as production wants one, and return its path."""
    path = Path(folder) / "checkpoint.key"
    path.touch(mode=0o600)
    path.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(path)


def main(*, before_tests: bool = False) -> int:
    compile_messages()
    gates = (GATES[0], TEMPLATE, *GATES[1:]) if before_tests else GATES
    failed = []
    with TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        os.environ["SIGNING_KEY_FILE"] = throw_away_key(folder)
        for outcome in pool.map(try_gate, gates):
            print(f"{'ok    ' if outcome.passed else 'FAILED'} {outcome.gate.name} ({outcome.seconds:.1f} s)", flush=True)
            if not outcome.passed:
                print(outcome.output, flush=True)
                failed.append(outcome.gate.name)
    if failed:
        print(f"make check: {', '.join(failed)} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(before_tests="--tests" in sys.argv))
