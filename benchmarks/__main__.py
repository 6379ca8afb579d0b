"""``make bench``: every figure beside its physical limit in the same run, as a ratio; prints a table and writes JSON.

The platform runs as it does in production but for TLS: gunicorn with two sync workers, PostgreSQL with fsync and synchronous commit,
Valkey, relay and worker as processes of their own. Take the ratios only where ``disturbed_runs`` is 0.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from benchmarks import load
from benchmarks.noise import Noise
from deploy.embedded import process

ROOT: Final = Path(__file__).resolve().parents[1]
OUT: Final = ROOT / "benchmarks" / "results" / "latest.json"
NOISE: Final = Noise()


def main(names: list[str]) -> int:
    """Measure the named figures, or all."""
    from tests.harness import session

    session.begin()
    from django.conf import settings

    from benchmarks import jobs, rows
    from deploy.prepare import collect_static_files
    from tests.harness.databases import create_clone, drop_clone, route_to

    collect_static_files()  # without them every page is the same error, quickly
    name = create_clone()
    route_to(name)
    try:
        ground = rows.lay()
        jobs.register()
        os.environ["REDIS_URL"] = settings.REDIS_URL
        results = {title: told(title, figure, ground) for title, figure in FIGURES.items() if not names or title in names}
    finally:
        drop_clone(name)
        session.end()
    report = {
        "figures": results,
        "noise": {"disturbed_runs": NOISE.dirty, "repeated": NOISE.repeated, "worst_foreign_percent_of_a_core": NOISE.worst},
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "commit": commit()},
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(report, indent=2) + "\n")
    show(report)
    return 0


def told(title: str, figure: Callable[[Any], dict[str, Any]], ground: Any) -> dict[str, Any]:
    """Measure one figure and say at once what came out: a run takes minutes."""
    found = figure(ground)
    for how, one in found.items():
        print(f"{title}, {how}: {one['ours']['per_second']} /s of {one['limit']['per_second']} /s", flush=True)
    return found


def commit() -> str:
    said = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip()


def show(report: dict[str, Any]) -> None:
    """Print the table."""
    print(f"\n{'figure':44} {'ours /s':>9} {'limit /s':>9} {'ratio':>7} {'p50 ms':>8} {'p99 ms':>8}")
    for title, found in report["figures"].items():
        for how, one in found.items():
            ours, limit = one["ours"], one["limit"]
            print(
                f"{title + ', ' + how:44} {ours['per_second']:9.1f} {limit['per_second']:9.1f} {one['ratio']:7.2f}"
                f" {ours.get('p50_ms', 0):8.2f} {ours.get('p99_ms', 0):8.2f}"
            )
    noise = report["noise"]
    print(f"disturbed runs: {noise['disturbed_runs']}, repeated: {noise['repeated']}, worst: {noise['worst_foreign_percent_of_a_core']} %")


@contextmanager
def serving(target: str, **environment: str) -> Iterator[int]:
    """Run gunicorn with two sync workers and yield its port."""
    port = process.free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        target,
        "-b",
        f"127.0.0.1:{port}",
        "-w",
        "2",
        "--no-control-socket",
        "--log-level",
        "error",
    ]
    if target.startswith("assurance"):
        command += ["-c", "deploy/gunicorn.conf.py"]
    env = os.environ | {"ALLOWED_HOSTS": "127.0.0.1", "LOG_LEVEL": "ERROR", "WEB_CONCURRENCY": "2", "PORT": str(port)} | environment
    child = process.spawn(command, end=signal.SIGKILL, env=env, cwd=ROOT)
    try:
        wait_for(port)
        yield port
    finally:
        process.kill(child)


def wait_for(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            load.once(port, load.get("/healthz"))
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the web server does not answer")


def side_by_side(ours: tuple[int, load.Request], limit: tuple[int, load.Request], *, expected: bytes = b"200") -> dict[str, Any]:
    """Measure ours and the limit in turn at 8 connections and at 1."""
    found = {}
    for connections in (8, 1):
        mine = load.measure(*ours, noise=NOISE, connections=connections, expected=expected)
        bare = load.measure(*limit, noise=NOISE, connections=connections, expected=expected)
        if mine.failures or bare.failures:
            raise RuntimeError(f"{mine.failures} of our answers and {bare.failures} of the bare ones were not {expected.decode()}")
        found[f"{connections} connections" if connections > 1 else "1 connection"] = {
            "ours": mine.as_dict(),
            "limit": bare.as_dict(),
            "ratio": round(mine.per_second / bare.per_second, 3),
            "p50_ratio": round(mine.p50_ms / bare.p50_ms, 2),
        }
    return found


def size_of(port: int, path: str) -> int:
    """Return how large our page is, so that the bare one can be made as large."""
    return len(load.once(port, load.get(path)).split(b"\r\n\r\n", 1)[1])


def session_headers(owner: Any) -> str:
    """Sign the merchant in and return the headers of his browser."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(owner)
    return f"Cookie: {settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}\r\n"


def home(_ground: Any) -> dict[str, Any]:
    """The front door of a visitor."""
    with serving("assurance.wsgi:application") as port:
        size = size_of(port, "/")
        with serving("benchmarks.limits:application()", BENCH_HOME_BYTES=str(size)) as bare:
            return side_by_side((port, lambda _: load.get("/")), (bare, lambda _: load.get("/home")))


def verify(ground: Any) -> dict[str, Any]:
    """The public page of a valid badge among 100,000, another code at every request; beside a bare view of the same queries."""
    return verified(ground, "verify")


def verify_by_statement(ground: Any) -> dict[str, Any]:
    """The same beside a bare view that sends the page's own statement, makes no models of it and judges nothing."""
    return verified(ground, "row")


def verified(ground: Any, limit: str) -> dict[str, Any]:
    from benchmarks import badges

    codes = badges.codes(ground)
    asked = [codes[number * 7919 % len(codes)] for number in range(len(codes))]

    def ask(way: str) -> Callable[[int], bytes]:
        return lambda number: load.get(f"/{way}/{asked[number % len(asked)]}/")

    with serving("assurance.wsgi:application") as port:
        size = size_of(port, f"/verify/{codes[0]}/")
        with serving("benchmarks.limits:application()", BENCH_VERIFY_BYTES=str(size)) as bare:
            return side_by_side((port, ask("verify")), (bare, ask(limit)))


def revocation(ground: Any) -> dict[str, Any]:
    """Revocations a second if one follows the other, each told by page, API, embed, credential and status list; the promise is a second."""
    from benchmarks import badges

    with serving("assurance.wsgi:application") as port:
        spent = sorted(badges.revocation(ground, port))
    middle, worst = spent[len(spent) // 2], spent[-1]
    ours = {"per_second": round(1 / worst, 2), "p50_ms": round(middle * 1000, 2), "p99_ms": round(worst * 1000, 2)}
    return {"until every door says so": {"ours": ours, "limit": {"per_second": 1.0}, "ratio": round(1 / worst, 2)}}


def page_of_24(ground: Any) -> dict[str, Any]:
    """A signed-in merchant's list of products as a page."""
    headers = session_headers(ground.owner)
    with serving("assurance.wsgi:application") as port, serving("benchmarks.limits:application()") as bare:
        ours = load.get("/products/", headers=headers)
        limit = load.get(f"/page?m={ground.merchant.pk}")
        return side_by_side((port, lambda _: ours), (bare, lambda _: limit))


def json_of_24(ground: Any) -> dict[str, Any]:
    """The same list through the API."""
    headers = session_headers(ground.owner)
    with serving("assurance.wsgi:application") as port, serving("benchmarks.limits:application()") as bare:
        ours = load.get("/api/v1/products/?page_size=24", headers=headers)
        limit = load.get(f"/list?m={ground.merchant.pk}")
        return side_by_side((port, lambda _: ours), (bare, lambda _: limit))


def create(ground: Any) -> dict[str, Any]:
    """One shipment notice by API key: validation, gates, idempotency key, audit events and jobs in one commit."""
    from benchmarks.creates import bare_body, key_headers, our_body

    headers = key_headers(ground.owner)

    def ours(number: int) -> bytes:
        return load.post(
            "/api/v1/shipments/", our_body(ground, number), headers=f"{headers}Idempotency-Key: b{number}-{time.time_ns()}\r\n"
        )

    def limit(number: int) -> bytes:
        return load.post("/create", bare_body(ground, number))

    with serving("assurance.wsgi:application") as port, serving("benchmarks.limits:application()") as bare:
        return side_by_side((port, ours), (bare, limit), expected=b"201")


def inspection(ground: Any) -> dict[str, Any]:
    """The answers to 20 checkpoints submitted by API key; then the same with a million inspections in the house."""
    from benchmarks import inspections
    from benchmarks.creates import bare_body

    bench = inspections.Bench(ground)
    with serving("assurance.wsgi:application") as port:
        with serving("benchmarks.limits:application()") as bare:
            found = {
                how: by_their_own_status(
                    (port, bench.ours), (bare, lambda number: load.post("/create", bare_body(ground, number))), connections
                )
                for how, connections in (("8 connections", 8), ("1 connection", 1))
            }
        return found | inspections.flatness(bench, lambda: load.measure(port, bench.ours, noise=NOISE, connections=1, expected=b"200"))


def by_their_own_status(ours: Any, limit: Any, connections: int) -> dict[str, Any]:
    """Measure ours (200) and a bare create (201) in turn."""
    mine = load.measure(*ours, noise=NOISE, connections=connections, expected=b"200")
    bare = load.measure(*limit, noise=NOISE, connections=connections, expected=b"201")
    if mine.failures or bare.failures:
        raise RuntimeError(f"{mine.failures} of our answers and {bare.failures} of the bare ones were not as expected")
    found = {"ours": mine.as_dict(), "limit": bare.as_dict(), "ratio": round(mine.per_second / bare.per_second, 3)}
    return found | {"p50_ratio": round(mine.p50_ms / bare.p50_ms, 2)}


@contextmanager
def working() -> Iterator[None]:
    """Run relay and worker."""
    environment = dict(os.environ)
    commands = ([sys.executable, "-m", "benchmarks.jobs"], [sys.executable, "manage.py", "relay"])
    children = [process.spawn(command, end=signal.SIGKILL, env=environment, cwd=ROOT) for command in commands]
    try:
        yield
    finally:
        for child in children:
            process.kill(child)


def jobs_through_the_relay(_ground: Any) -> dict[str, Any]:
    """Jobs a second, from the first row to the last "done"."""
    from benchmarks import jobs

    with working():
        jobs.drain()
        jobs.no_ops()
        jobs.through_the_relay()
        ours = max(NOISE.gated(jobs.through_the_relay) for _ in range(3))
        limit = max(NOISE.gated(jobs.no_ops) for _ in range(3))
    found = {"ours": {"per_second": round(ours, 1)}, "limit": {"per_second": round(limit, 1)}, "ratio": round(ours / limit, 3)}
    return {"end to end": found}


def promise(ground: Any) -> dict[str, Any]:
    """Promises a second if one notice follows the other, until each stands; the worst beside the two seconds of A3.2."""
    from benchmarks import jobs, promises

    with working():
        jobs.drain()
        spent = sorted(promises.after_notices(ground))
    worst = spent[-1]
    ours = {"per_second": round(1 / worst, 2), "p50_ms": round(spent[len(spent) // 2] * 1000, 2), "p99_ms": round(worst * 1000, 2)}
    limit = 1 / promises.PROMISED
    return {"until it stands": {"ours": ours, "limit": {"per_second": limit}, "ratio": round(1 / worst / limit, 2)}}


def in_sets(name: str, *, module: str = "sets", how: str = "in sets") -> Callable[[Any], dict[str, Any]]:
    """Return the figure of a kind of work that goes in sets; the best of three, each on fresh rows."""

    def measured(ground: Any) -> dict[str, Any]:
        work = getattr(import_module(f"benchmarks.{module}"), name)
        rounds = [NOISE.gated(lambda: work(ground)) for _ in range(1 if name == "replay" else 3)]
        best = max(rounds, key=lambda one: one.ours)
        bare = max(one.bare for one in rounds)
        ours = {"per_second": round(best.ours, 1)} | best.more
        return {how: {"ours": ours, "limit": {"per_second": round(bare, 1)}, "ratio": round(best.ours / bare, 3)}}

    return measured


def numbering_and_verifying(ground: Any) -> dict[str, Any]:
    from benchmarks import ledger  # Django is set up by now

    return ledger.numbering_and_verifying(ground)


FIGURES: Final[dict[str, Callable[[Any], dict[str, Any]]]] = {
    "entries of the log": numbering_and_verifying,  # first: the badges of the next figures are laid without their evidence
    "jobs": jobs_through_the_relay,  # before creates leave thousands of their own
    "promise after a notice": promise,
    "home page": home,
    "verification page": verify,
    "verification page, one statement": verify_by_statement,
    "inspection of 20 checkpoints": inspection,
    "revocation": revocation,
    "list of 24, page": page_of_24,
    "list of 24, JSON": json_of_24,
    "create": create,
    "orders allocated": in_sets("allocation", module="allocation", how="100,000 lots"),
    "operations rated": in_sets("rating"),
    "products imported": in_sets("product_file"),
    "orders replayed": in_sets("replay"),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
