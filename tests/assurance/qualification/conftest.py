from __future__ import annotations

import pytest

from assurance.accounts.models import User
from tests import enrolments, papers


@pytest.fixture
def rules(db: None) -> None:
    papers.load_rules()
    enrolments.load_categories()


@pytest.fixture
def merchant(rules: None, amal: User) -> User:
    """Amal, with the rules of entry in force."""
    return amal
