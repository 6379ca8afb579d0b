"""Servers of their own for the tests of how the platform is started."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import host


@pytest.fixture(scope="module")
def servers_folder() -> Iterator[Path]:
    """A folder that the servers' system user can reach; pytest's own are closed to him when root runs the tests."""
    folder = host.servers_folder()
    yield folder
    shutil.rmtree(folder)
