"""``python -m deploy.manage COMMAND …``: manage.py with this checkout's settings and, while ``make run`` runs, against its servers."""

import json
import os
import sys

from deploy import environment
from deploy.environment import ROOT

NO_SERVER = {
    "DATABASE_URL": "postgresql://wuyou_app:none@127.0.0.1:1/wuyou",
    "DATABASE_OWNER_URL": "postgresql://wuyou_owner:none@127.0.0.1:1/wuyou",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def main() -> None:
    surroundings = environment.read()
    told = surroundings.servers_file
    servers = json.loads(told.read_text()) if told.exists() else NO_SERVER
    os.execve(sys.executable, [sys.executable, str(ROOT / "manage.py"), *sys.argv[1:]], servers | surroundings.variables)


if __name__ == "__main__":
    main()
