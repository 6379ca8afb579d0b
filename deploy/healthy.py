"""``python -m deploy.healthy``: exit 0 if the web answers, and if what is asked for was heard from lately. Standard library only."""

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping

DEFAULT_URL = "http://127.0.0.1:8000/healthz"


def silent_processes(url: str, variables: Mapping[str, str] = os.environ) -> list[str]:
    """Return the background processes of which the web has not heard lately.

    :raises OSError: if the web does not answer
    """
    hosts = [host.strip() for host in variables.get("ALLOWED_HOSTS", "").split(",") if host.strip()]
    # The web answers only to its own names, whatever address it is called by.
    request = urllib.request.Request(url, headers={"Host": hosts[0].lstrip(".")} if hosts else {})
    with urllib.request.urlopen(request, timeout=4) as answer:
        return list(json.load(answer)["silent"])


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", default=DEFAULT_URL)
    parser.add_argument("--hears", action="append", default=[], help="a background process that must have shown itself")
    wanted = parser.parse_args()
    try:
        silent = set(silent_processes(wanted.url)) & set(wanted.hears)
    except (OSError, ValueError) as error:
        print(f"{wanted.url}: {error}")
        return 1
    for name in silent:
        print(f"nothing heard from {name}")
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main())
