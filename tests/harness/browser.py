"""The browser of the tests: the one that set-up unpacked, never one from the net."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--no-sandbox",
)


def chromium() -> str:
    """Return the path of the browser.

    :raises FileNotFoundError: if set-up was not run
    """
    for path in (os.environ.get("CHROMIUM", ""), str(ROOT / ".cache" / "chromium"), "/usr/bin/chromium"):
        if path and Path(path).is_file():
            return path
    raise FileNotFoundError("no Chromium: run `make test`, which unpacks it into .cache/chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """pytest-playwright starts the browser with these."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's loop runs in this thread; the tests' queries are not asynchronous
    return {"executable_path": chromium(), "args": list(QUIET)}


def barriers(page: Page) -> list[str]:
    """Return what keeps people out of the page as it stands: broken rules of WCAG 2.2 AA with the part that breaks them."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
