"""``make reset``: empty the embedded databases, the stored files and the mails; the set-up stays."""

import shutil

from deploy import environment
from deploy.environment import CannotStart
from deploy.keeping import tell
from deploy.run import only_one

KEPT = frozenset({"lock", "static", "static.made-from"})


def main() -> None:
    surroundings = environment.read()
    if not (surroundings.embedded_postgres and surroundings.embedded_valkey):
        raise CannotStart("DATABASE_URL or REDIS_URL names a server of yours: empty it yourself")
    with only_one(surroundings.var / "lock"):
        # Resolved first: the pointer to data outside the checkout lies in the folder that is emptied.
        shutil.rmtree(environment.servers_home(surroundings.var), ignore_errors=True)
        for path in surroundings.var.iterdir():
            if path.name in KEPT:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    tell(f"{surroundings.var} is empty; make run starts afresh")


if __name__ == "__main__":
    main()
