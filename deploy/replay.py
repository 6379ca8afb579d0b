"""``make replay DIR=… JSON=…``: ``manage.py replay`` against the running platform's servers, or against its own while it runs.

The folder and the report's file come from the environment (``DIR``, ``JSON``); without ``JSON`` the report is only printed.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from deploy import environment
from deploy.embedded import process
from deploy.environment import ROOT, CannotStart
from deploy.keeping import Keeper, tell
from deploy.run import only_one, start_servers


def main() -> None:
    folder, report = os.environ.get("DIR", ""), os.environ.get("JSON", "")
    if not folder or not Path(folder).is_dir():
        raise CannotStart("DIR: must name the folder with the five files, like make replay DIR=/data/marketplace JSON=report.json")
    asked = [str(Path(folder).absolute()), *(["--json", str(Path(report).absolute())] if report else [])]
    surroundings = environment.read()
    told = surroundings.servers_file
    if told.exists():  # the platform runs: its database, its worker
        sys.exit(replay(asked, json.loads(told.read_text()) | surroundings.variables))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("replay: stopped"))  # so that the server is stopped too
    keeper = Keeper(tell)
    with only_one(surroundings.var / "lock"):
        try:
            start_servers(surroundings, keeper)
            prepare(surroundings.variables)
            code = replay(asked, surroundings.variables)
        except process.ServerFailed as failure:
            raise CannotStart(str(failure)) from None
        finally:
            keeper.stop_all()
    sys.exit(code)


def prepare(variables: dict[str, str]) -> None:
    if subprocess.run([sys.executable, "-m", "deploy.prepare"], cwd=ROOT, env=variables, check=False).returncode:
        raise CannotStart("the database could not be prepared; the reason stands above")


def replay(asked: list[str], variables: dict[str, str]) -> int:
    return subprocess.run([sys.executable, str(ROOT / "manage.py"), "replay", *asked], cwd=ROOT, env=variables, check=False).returncode


if __name__ == "__main__":
    main()
