"""Who works on cases: **Cai** and **Chun** handle them, **Rui** and **Rong** decide them."""

from __future__ import annotations

import pytest

from assurance.accounts.models import Organisation, User
from assurance.roles import Role
from tests import cases
from warehouse.orders.models import Parcel


@pytest.fixture
def cai(platform: Organisation) -> User:
    return cases.desk(Role.CASE_AGENT, name="Cai", email="cai@wuyou.example")


@pytest.fixture
def chun(platform: Organisation) -> User:
    return cases.desk(Role.CASE_AGENT, name="Chun", email="chun@wuyou.example")


@pytest.fixture
def rui(platform: Organisation) -> User:
    return cases.desk(Role.CASE_REVIEWER, name="Rui", email="rui@wuyou.example")


@pytest.fixture
def rong(platform: Organisation) -> User:
    return cases.desk(Role.CASE_REVIEWER, name="Rong", email="rong@wuyou.example")


@pytest.fixture
def parcel(amal: User, wei: User) -> Parcel:
    return cases.sent(amal, wei)
