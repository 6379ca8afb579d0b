"""The experiments with their stated counts, what must hold, and the sabotages that must break it."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.harness.databases import CommittedDatabase, _describe, create_clone, drop_clone, give_witness, route_to
from tests.proof.parts import side_by_side

if TYPE_CHECKING:
    from tests.experiments.races import Edge

Run = Callable[[CommittedDatabase, Path, str], dict[str, Any]]
Holds = Callable[[dict[str, Any]], bool]


@dataclass(frozen=True)
class Experiment:
    """One promise at its stated counts."""

    promise: str
    run: Run
    holds: Holds
    sabotages: tuple[str, ...] = field(default=())

    def prove(self) -> dict[str, Any]:
        """Run it clean, then with every sabotage."""
        clean = self.once("")
        broken = {sabotage: self.once(sabotage) for sabotage in self.sabotages}
        caught = {sabotage: not self.holds(found) for sabotage, found in broken.items()}
        return {
            "promise": self.promise,
            "holds": self.holds(clean) and all(caught.values()),
            "found": clean,
            "sabotage_caught": caught,
            "sabotaged": broken,
        }

    def once(self, sabotage: str) -> dict[str, Any]:
        """Run it on a database of its own."""
        name = create_clone()
        route_to(name)
        give_witness(name)
        try:
            with tempfile.TemporaryDirectory() as folder:
                Path(folder).chmod(0o755)
                found = self.run(_describe(name), Path(folder), sabotage)
            found.pop("logs", None)
            return found
        finally:
            drop_clone(name)


def broker_loss(database: CommittedDatabase, folder: Path, sabotage: str) -> dict[str, Any]:
    from tests.experiments import jobs

    small = bool(sabotage)
    return jobs.lose_the_broker(
        folder,
        database_url=database.url,
        jobs=900 if small else 6000,
        losses=3 if small else 20,
        worker_kills=2 if small else 20,
        seed=20261122,
        sabotage=sabotage,
    )


def poison(database: CommittedDatabase, folder: Path, sabotage: str) -> dict[str, Any]:
    from tests.experiments import jobs

    return jobs.survive_poison(folder, database_url=database.url, healthy=50 if sabotage else 500, sabotage=sabotage)


def durability(database: CommittedDatabase, _folder: Path, sabotage: str) -> dict[str, Any]:
    from tests.experiments import durability

    small = bool(sabotage)
    return durability.survive_kills(
        database=database,
        inspections=200 if small else 2000,
        dispositions=100 if small else 500,
        kills=12 if small else 50,
        seed=20261122,
        sabotage=sabotage,
    )


def durability_holds(found: dict[str, Any]) -> bool:
    from tests.experiments import durability

    return durability.holds(found)


def fee_run(database: CommittedDatabase, folder: Path, sabotage: str) -> dict[str, Any]:
    from tests.experiments import fees

    small = bool(sabotage)
    return fees.survive_kills(
        folder, database=database, operations=2000 if small else 20_000, kills=8 if small else 50, seed=20261122, sabotage=sabotage
    )


def fee_run_holds(found: dict[str, Any]) -> bool:
    from tests.experiments import fees

    return fees.holds(found)


def product_file(database: CommittedDatabase, folder: Path, sabotage: str) -> dict[str, Any]:
    from tests.experiments import imports

    small = bool(sabotage)
    return imports.survive_kills(
        folder,
        database=database,
        rows=4000 if small else 10_000,
        wrong=40 if small else 100,
        kills=6 if small else 15,
        seed=20261123,
        sabotage=sabotage,
    )


def product_file_holds(found: dict[str, Any]) -> bool:
    from tests.experiments import imports

    return imports.holds(found)


def repeated_requests(database: CommittedDatabase, folder: Path, sabotage: str) -> dict[str, Any]:
    from tests.experiments import idempotency

    small = bool(sabotage)
    return idempotency.run(
        folder=folder,
        database_url=database.url,
        keys=50 if small else 1000,
        sends=10,
        kills=10 if small else 50,
        seed=20261122,
        sabotage=sabotage,
    )


def requests_hold(found: dict[str, Any]) -> bool:
    from tests.experiments import idempotency

    return bool(idempotency.holds(found))


RACE_PARTS: Final = 2
"""Most of a round is the making of its row, by one process: the machines are shared out among so many teams."""


def races(database: CommittedDatabase, folder: Path, sabotage: str) -> dict[str, Any]:
    from tests.experiments import edges, saboteurs

    if sabotage:  # racers without locks wait for each other's dead ends, a second each: one edge of every machine says enough
        with saboteurs.at_work(sabotage):
            return _raced(list({edge.machine: edge for edge in reversed(edges.all_edges())}.values()), rounds=10)
    found = side_by_side([partial(_part_of_races, number) for number in range(RACE_PARTS)])
    merged = {name: {key: seen for part in found for key, seen in part[name].items()} for name in ("edges", "contradictions")}
    return found[0] | merged


def _part_of_races(number: int) -> dict[str, Any]:
    from tests.experiments import edges

    every = edges.all_edges()
    machines = Counter(edge.machine for edge in every)
    own = {machine for machine, _count in machines.most_common()[number::RACE_PARTS]}
    return _raced([edge for edge in every if edge.machine in own], rounds=100) | {"uncovered": edges.uncovered(every)}


def _raced(every: list[Edge], *, rounds: int) -> dict[str, Any]:
    from tests.experiments import races

    alone = races.race_edges(every, rounds=rounds)
    torn = races.race_contradictions([edge for edge in every if edge.machine != "assurance.job.state"], rounds=rounds)
    return {"rounds": rounds, "edges": alone, "contradictions": torn, "uncovered": []}


def last_units(database: CommittedDatabase, folder: Path, sabotage: str) -> dict[str, Any]:
    from tests.experiments import oversell

    return oversell.sell_out(buyers=200, units=100, processes=8, sabotage=sabotage, owner_url=database.owner_url)


def each_unit_once(found: dict[str, Any]) -> bool:
    return found == {"allocated": 100, "short": 100, "errors": 0, "promised": 100, "reserved": 100, "oversold": 0, "differences": 0}


def all_won_once(found: dict[str, Any]) -> bool:
    rounds = found["rounds"]
    return (
        not found["uncovered"]
        and all(seen == {"one winner": rounds, "errors": 0} for seen in found["edges"].values())
        and all(seen == {"left once": rounds} for seen in found["contradictions"].values())
    )


def made_up_requests(database: CommittedDatabase, folder: Path, sabotage: str) -> dict[str, Any]:
    from tests.experiments import fuzzing

    return fuzzing.run(folder=folder, database_url=database.url, count=10 if sabotage else 300, seed=20261122, sabotage=sabotage)


def made_up_requests_hold(found: dict[str, Any]) -> bool:
    from tests.experiments import fuzzing

    return fuzzing.holds(found)


def tampers(database: CommittedDatabase, folder: Path, sabotage: str) -> dict[str, Any]:
    from tests.experiments import tampers

    small = bool(sabotage)
    return tampers.run(
        database=database, folder=folder, places=10 if small else 100, clean=0 if small else 200, seed=20261122, sabotage=sabotage
    )


def tampers_hold(found: dict[str, Any]) -> bool:
    from tests.experiments import tampers

    return tampers.holds(found)


def suite(*paths: str, chosen: str = "", marked: str = "") -> Run:
    """Return an experiment that runs a part of the test suite, clean or with a defect brought back."""

    def run(_database: CommittedDatabase, _folder: Path, sabotage: str) -> dict[str, Any]:
        from tests.experiments import suites

        return suites.run(list(paths), chosen=chosen, marked=marked, sabotage=sabotage)

    return run


def suite_holds(found: dict[str, Any]) -> bool:
    from tests.experiments import suites

    return suites.holds(found)


EXPERIMENTS: Final[dict[str, Experiment]] = {
    "fee-run": Experiment(
        promise="G1",
        run=fee_run,
        holds=fee_run_holds,
        sabotages=("no_unique_key", "gone_before_its_line", "float_money"),
    ),
    "durability": Experiment(
        promise="G11", run=durability, holds=durability_holds, sabotages=("synchronous_commit_off", "move_commits_first")
    ),
    "product-file": Experiment(promise="G27", run=product_file, holds=product_file_holds, sabotages=("rows_before_their_count",)),
    "races": Experiment(promise="G5", run=races, holds=all_won_once, sabotages=("no_lock",)),
    "last-units": Experiment(promise="G4", run=last_units, holds=each_unit_once, sabotages=("read_then_write",)),
    "repeated-requests": Experiment(promise="G6", run=repeated_requests, holds=requests_hold, sabotages=("key_before_effect",)),
    "broker-loss": Experiment(
        promise="G7",
        run=broker_loss,
        holds=lambda found: (
            (found["lost"], found["repeated"], found["parked"]) == (0, 0, 0) and found["blows_while_jobs_were_open"] >= 0.8 * found["blows"]
        ),
        sabotages=("no_sweeper", "done_before_the_work"),
    ),
    "poison": Experiment(
        promise="G8",
        run=poison,
        holds=lambda found: (
            all(job == {"attempts": 5, "state": "parked"} for job in found["poison"].values())
            and found["alerts"] == 3
            and found["healthy_done_once"] == found["healthy"]
        ),
        sabotages=("attempts_with_the_work",),
    ),
    "tampers": Experiment(
        promise="G15",
        run=tampers,
        holds=tampers_hold,
        sabotages=("believes_hashes", "asks_no_witness", "looks_at_the_log_only"),
    ),
    "access": Experiment(promise="G21", run=suite("tests/test_access.py"), holds=suite_holds, sabotages=("see_all",)),
    "fields": Experiment(
        promise="G23",
        run=suite("tests/hostile/test_corpus.py", chosen="not_its_own"),
        holds=suite_holds,
        sabotages=("take_any_field",),
    ),
    "files": Experiment(
        promise="G24", run=suite("tests/assurance/files/test_downloading.py"), holds=suite_holds, sabotages=("open_files",)
    ),
    "every-look": Experiment(
        promise="WCAG 2.2 AA; every page and journey in both languages; every row of the corpora at every operation",
        run=suite("tests", "--ignore=tests/test_access.py", marked="exhaustive or sampled"),  # "access" runs that one whole
        holds=suite_holds,
    ),
    "made-up-requests": Experiment(
        promise="G25",
        run=made_up_requests,
        holds=made_up_requests_hold,
        sabotages=("missing_row_is_a_crash",),
    ),
}
