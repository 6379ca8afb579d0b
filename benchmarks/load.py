"""A closed loop of requests over raw sockets: as little work on our side as Python can do, the same for every target."""

from __future__ import annotations

import multiprocessing
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from benchmarks.noise import Noise

Request = Callable[[int], bytes]
FORK: Final = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Figure:
    """What one target did at so many connections."""

    per_second: float
    p50_ms: float
    p99_ms: float
    failures: int

    def as_dict(self) -> dict[str, float]:
        return {"per_second": round(self.per_second, 1), "p50_ms": round(self.p50_ms, 2), "p99_ms": round(self.p99_ms, 2)} | {
            "failures": self.failures
        }


def get(path: str, *, headers: str = "") -> bytes:
    """Return a GET request that closes its connection: sync workers serve one request a connection anyway."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}Connection: close\r\n\r\n".encode()


def post(path: str, body: bytes, *, headers: str = "") -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{headers}"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode() + body


def once(port: int, request: bytes) -> bytes:
    """Send one request and return the whole answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(request)
        parts = []
        while part := line.recv(262_144):
            parts.append(part)
    return b"".join(parts)


def loop(port: int, make: Request, seed: int, seconds: float, expected: bytes, out: Any) -> None:
    """Ask again and again until the time is over; report latencies in ms and how many answers had another status."""
    spent, failures, number = [], 0, seed * 10_000_000
    end = time.perf_counter() + seconds
    now = time.perf_counter()
    while now < end:
        answer = once(port, make(number))
        later = time.perf_counter()
        spent.append((later - now) * 1000)
        failures += answer[9:12] != expected
        number, now = number + 1, later
    out.put((spent, failures))


def run(port: int, make: Request, *, connections: int, seconds: float, expected: bytes, seed: int) -> Figure:
    """One run with so many connections, each a process of its own."""
    out = FORK.Queue()
    team = [
        FORK.Process(target=loop, args=(port, make, seed * 100 + number, seconds, expected, out), daemon=True)
        for number in range(connections)
    ]
    began = time.perf_counter()
    for process in team:
        process.start()
    results = [out.get(timeout=seconds + 30) for _ in team]
    wall = time.perf_counter() - began
    for process in team:
        process.join()
    spent = sorted(latency for latencies, _ in results for latency in latencies)
    return Figure(len(spent) / wall, spent[len(spent) // 2], spent[int(len(spent) * 0.99)], sum(failures for _, failures in results))


def measure(
    port: int, make: Request, *, noise: Noise, connections: int, seconds: float = 2.0, runs: int = 3, expected: bytes = b"200"
) -> Figure:
    """Warm up, run several times, return the run with the median rate."""
    run(port, make, connections=connections, seconds=0.5, expected=expected, seed=0)
    seeds = iter(range(1, 1000))
    figures = [
        noise.gated(lambda: run(port, make, connections=connections, seconds=seconds, expected=expected, seed=next(seeds)))
        for _ in range(runs)
    ]
    middle = median(figure.per_second for figure in figures)
    return min(figures, key=lambda figure: abs(figure.per_second - middle))
