"""``make run``: the whole platform on one machine under one supervisor.

PostgreSQL and Valkey (unless addresses are given), the database brought up to date, web, worker, relay and beat; then the address and who
may sign in. Ctrl-C or SIGTERM stops everything; what dies meanwhile is started again.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from deploy import environment, healthy
from deploy.embedded import process
from deploy.embedded.postgres import APP, OWNER, Postgres
from deploy.embedded.valkey import Valkey
from deploy.environment import ROOT, CannotStart, Environment
from deploy.keeping import Keeper, Program, how_it_ended, tell

EMBEDDED_NAME = "wuyou-embedded"
"""How the embedded servers call themselves; production refuses them by it (assurance/boot.py)."""
PATIENCE_SECONDS = 90
LOOK_SECONDS = 0.5


class Ending(BaseException):
    """Somebody asked us to end."""


def main() -> None:
    surroundings = environment.read()
    with only_one(surroundings.var / "lock"):
        keeper = Keeper(tell)
        try:
            _on_signals(_end)
            start(surroundings, keeper)
            while True:
                time.sleep(LOOK_SECONDS)
                keeper.look_after(time.monotonic())
        except Ending:
            tell("\nstopping …")
        except process.ServerFailed as failure:
            raise CannotStart(str(failure)) from None
        finally:
            _on_signals(_strike)
            keeper.stop_all()
            process.kill_all()  # what was begun while we were asked to end
            surroundings.servers_file.unlink(missing_ok=True)
            _on_signals(signal.SIG_IGN)
        tell("stopped; nothing is left running")


def _end(*_: object) -> None:
    _on_signals(_strike)
    raise Ending


def _strike(*_: object) -> None:
    process.strike_all()  # whoever asks twice does not want to wait


def _on_signals(handler: Callable[[int, FrameType | None], object] | signal.Handlers) -> None:
    for number in process.END_SIGNALS:
        signal.signal(number, handler)


@contextlib.contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the data folder; a second start in it is refused."""
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStart(f"the platform already runs here, as process {lock.read().strip() or 'unknown'}") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


# --- the steps of a start -------------------------------------------------------------------------------------------
def start(surroundings: Environment, keeper: Keeper) -> None:
    """Start everything in order and return when all of it answers."""
    began = time.monotonic()
    start_servers(surroundings, keeper)
    tell_servers(surroundings)
    host, port = choose_address(surroundings)
    sign_ins = prepare(surroundings)
    for program in programs(surroundings):
        keeper.add(program)
    wait_until_all_answer(f"http://{host}:{port}/healthz", surroundings, keeper)
    tell(f"web, worker, relay and beat answer; started in {time.monotonic() - began:.1f} s\n")
    tell(f"  无忧服务   {surroundings.variables['PUBLIC_URL']}\n")
    for line in sign_ins.splitlines():
        tell(f"  {line.strip()}")
    tell(f"\n  logs in {surroundings.log_folder} – Ctrl-C stops everything")


def start_servers(surroundings: Environment, keeper: Keeper) -> None:
    """Start the embedded servers whose address was not given and put their addresses into the environment."""
    home = environment.servers_home(surroundings.var)
    if surroundings.embedded_postgres:
        postgres = Postgres(home / "postgres", port=5432, settings={"cluster_name": EMBEDDED_NAME})
        postgres.create()
        keeper.add(postgres)
        postgres.create_database()
        surroundings.variables |= {"DATABASE_URL": postgres.url(APP), "DATABASE_OWNER_URL": postgres.url(OWNER)}
        tell(f"PostgreSQL listens on 127.0.0.1:{postgres.port}{_taken(5432, postgres.port)}; its data lies in {postgres.data}")
    if surroundings.embedded_valkey:
        valkey = Valkey(home / "valkey", port=6379, settings={"availability-zone": EMBEDDED_NAME})
        keeper.add(valkey)
        surroundings.variables["REDIS_URL"] = valkey.url
        tell(f"Valkey listens on 127.0.0.1:{valkey.port}{_taken(6379, valkey.port)}")


def tell_servers(surroundings: Environment) -> None:
    """Leave the addresses where ``python -m deploy.manage`` finds them; they hold passwords."""
    surroundings.servers_file.touch(mode=0o600)
    names = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
    surroundings.servers_file.write_text(json.dumps({name: surroundings.variables[name] for name in names}))


def _taken(wished: int, found: int | None) -> str:
    return "" if wished == found else f" ({wished} is taken)"


def choose_address(surroundings: Environment) -> tuple[str, int]:
    """Settle where the web listens and what its public address is."""
    host, wished = surroundings.web_address
    port = process.free_port(wished)
    if port != wished:
        tell(f"port {wished} is taken; the web listens on {port}")
    surroundings.variables["WEB_ADDRESS"] = f"{host}:{port}"
    if not surroundings.is_production:
        surroundings.variables.setdefault("PUBLIC_URL", f"http://localhost:{port}")
    return host, port


def prepare(surroundings: Environment) -> str:
    """Bring the database up to date and return what to say about signing in."""
    began = time.monotonic()
    step = process.begin(
        [sys.executable, "-m", "deploy.prepare", "--here"],
        end=signal.SIGKILL,
        cwd=ROOT,
        env=surroundings.variables,
        stdout=subprocess.PIPE,
    )
    try:
        said, _ = step.communicate()
    finally:
        process.kill(step)
    if step.returncode:
        raise CannotStart(f"the database could not be prepared ({how_it_ended(step)}); the reason stands above")
    tell(f"the database is up to date ({time.monotonic() - began:.1f} s)")
    return said.decode()


def programs(surroundings: Environment) -> list[Program]:
    """Return the platform's own processes, in the order of starting."""
    python, celery = [sys.executable, "-m"], [sys.executable, "-m", "celery", "--app", "assurance", "--quiet"]
    level = surroundings.variables.get("LOG_LEVEL", "INFO")
    commands = {
        "web": [*python, "gunicorn", "--config", str(ROOT / "deploy" / "gunicorn.conf.py"), "assurance.wsgi"],
        "worker": [
            *celery,
            "worker",
            "--queues",
            "work,notices,runs",
            "--concurrency",
            "2",
            "--without-gossip",
            "--without-mingle",
            "-l",
            level,
        ],
        "relay": [sys.executable, str(ROOT / "manage.py"), "relay"],
        "beat": [*celery, "beat", "--schedule", str(surroundings.var / "beat-schedule"), "--pidfile", "", "-l", level],
    }
    return [
        Program(name, command, env=surroundings.variables, cwd=ROOT, log=surroundings.log_folder / f"{name}.log")
        for name, command in commands.items()
    ]


def wait_until_all_answer(url: str, surroundings: Environment, keeper: Keeper) -> None:
    """Wait until the web answers and says that relay and worker (through beat and broker) have shown themselves.

    :raises CannotStart: if a process dies first, or after the patience is over
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    state = "the web does not answer"
    while time.monotonic() < deadline:
        for service in keeper.dead():
            raise CannotStart(
                f"{process.tail(service.log)}\n{service.name} ended at once ({how_it_ended(service.child)}); see {service.log}"
            )
        with contextlib.suppress(OSError):
            silent = healthy.silent_processes(url, surroundings.variables)
            if not silent:
                return
            state = f"nothing heard from {' and '.join(silent)}"
        time.sleep(0.1)
    raise CannotStart(f"not everything answered within {PATIENCE_SECONDS} s: {state}; see the logs")


if __name__ == "__main__":
    main()
