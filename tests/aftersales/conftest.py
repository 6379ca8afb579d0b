"""What most cases are about."""

from __future__ import annotations

import pytest

from assurance.accounts.models import User
from tests import cases
from warehouse.orders.models import Parcel


@pytest.fixture
def parcel(amal: User, wei: User) -> Parcel:
    """A parcel of Amal's that left Wei's warehouse."""
    return cases.sent(amal, wei)
