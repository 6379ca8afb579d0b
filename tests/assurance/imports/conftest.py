from __future__ import annotations

import pytest

from tests import enrolments


@pytest.fixture(autouse=True)
def categories(db):
    """The categories that are shipped."""
    enrolments.load_categories()
