"""Prices are there."""

from __future__ import annotations

import pytest

from tests.charges import load_prices


@pytest.fixture
def prices(db: None) -> None:
    load_prices()
