"""A laboratory with an analyst and two verifiers, accredited for everything, and a released lot of skin care in Bea's warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assurance.roles import Role
from tests import factories, labs

if TYPE_CHECKING:
    from assurance.accounts.models import Organisation, User
    from warehouse.stock.models import Lot


@pytest.fixture
def hengzhun(db: None, eve: User) -> Organisation:
    labs.load_tests()
    house = labs.lab(code="HDHZ", name="华东衡准检测中心")
    labs.scopes(house, eve)
    return house


@pytest.fixture
def lin(hengzhun: Organisation) -> User:
    return factories.user(Role.LAB_ANALYST, hengzhun, email="lin@hdhz.example", name="Lin")


@pytest.fixture
def vera(hengzhun: Organisation) -> User:
    return factories.user(Role.LAB_VERIFIER, hengzhun, email="vera@hdhz.example", name="Vera")


@pytest.fixture
def vito(hengzhun: Organisation) -> User:
    return factories.user(Role.LAB_VERIFIER, hengzhun, email="vito@hdhz.example", name="Vito")


@pytest.fixture
def lot(amal: User, wei: User, bo: User) -> Lot:
    return labs.released(amal, wei, bo)
