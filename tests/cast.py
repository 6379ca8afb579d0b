"""The cast: who they are and what each may do. Import the fixtures through tests/conftest.py.

- **Amal** owns merchant 禾见 and everything it enrols.
- **Ann** works for 禾见 as an operator: no costs, no margins.
- **Bo** inspects in warehouse 萧山云仓; **Bea** leads quality control there; **Wei** receives goods there.
- **Chidi** owns another merchant: to him, everything of 禾见 does not exist.
- **Bob** inspects in another warehouse.
- **Fay** keeps the platform's books.
- **Mei** streams for studio 小满的好物间; **Max** streams for another studio.
- **Cai** and **Chun** handle cases, **Rui** and **Rong** decide them.
- **Dana** and **Dov** review enrolments. **Eve** administers the platform. **Ada** audits: reads all, changes nothing.
"""

from __future__ import annotations

import pytest

from assurance.accounts.models import Organisation, User
from assurance.roles import Kind, Role
from tests import factories


@pytest.fixture
def hejian(db: None) -> Organisation:
    return factories.organisation(Kind.MERCHANT, code="HEJIAN", name="禾见", credit_code="91330109MA2KD07C3X")


@pytest.fixture
def other_merchant(db: None) -> Organisation:
    return factories.organisation(Kind.MERCHANT, code="LANXI", name="兰溪食品")


@pytest.fixture
def xiaoshan(db: None) -> Organisation:
    return factories.organisation(Kind.WAREHOUSE, code="HZXS", name="杭州萧山云仓")


@pytest.fixture
def other_warehouse(db: None) -> Organisation:
    return factories.organisation(Kind.WAREHOUSE, code="GZBY", name="广州白云云仓")


@pytest.fixture
def platform(db: None) -> Organisation:
    return factories.organisation(Kind.PLATFORM, code="WUYOU", name="无忧服务平台")


@pytest.fixture
def amal(hejian: Organisation) -> User:
    return factories.user(Role.MERCHANT_OWNER, hejian, email="amal@hejian.example", name="Amal", phone="+8613800000001")


@pytest.fixture
def ann(hejian: Organisation) -> User:
    return factories.user(Role.MERCHANT_OPERATOR, hejian, email="ann@hejian.example", name="Ann")


@pytest.fixture
def chidi(other_merchant: Organisation) -> User:
    return factories.user(Role.MERCHANT_OWNER, other_merchant, email="chidi@lanxi.example", name="Chidi")


@pytest.fixture
def bo(xiaoshan: Organisation) -> User:
    return factories.user(Role.QC_INSPECTOR, xiaoshan, email="bo@hzxs.example", name="Bo")


@pytest.fixture
def bea(xiaoshan: Organisation) -> User:
    return factories.user(Role.QC_LEAD, xiaoshan, email="bea@hzxs.example", name="Bea")


@pytest.fixture
def wei(xiaoshan: Organisation) -> User:
    return factories.user(Role.WAREHOUSE_OPERATOR, xiaoshan, email="wei@hzxs.example", name="Wei")


@pytest.fixture
def bob(other_warehouse: Organisation) -> User:
    return factories.user(Role.QC_INSPECTOR, other_warehouse, email="bob@gzby.example", name="Bob")


@pytest.fixture
def xiaoman(db: None) -> Organisation:
    return factories.organisation(Kind.STUDIO, code="XIAOMAN", name="小满的好物间")


@pytest.fixture
def mei(xiaoman: Organisation) -> User:
    return factories.user(Role.STREAMER, xiaoman, email="mei@xiaoman.example", name="Mei")


@pytest.fixture
def max_(db: None) -> User:
    return factories.user(Role.STREAMER, factories.organisation(Kind.STUDIO), email="max@other.example", name="Max")


@pytest.fixture
def dana(platform: Organisation) -> User:
    return factories.user(Role.ENROLMENT_REVIEWER, platform, email="dana@wuyou.example", name="Dana")


@pytest.fixture
def dov(platform: Organisation) -> User:
    return factories.user(Role.ENROLMENT_REVIEWER, platform, email="dov@wuyou.example", name="Dov")


@pytest.fixture
def fay(platform: Organisation) -> User:
    return factories.user(Role.FINANCE, platform, email="fay@wuyou.example", name="Fay")


@pytest.fixture
def eve(platform: Organisation) -> User:
    return factories.user(Role.PLATFORM_ADMIN, platform, email="eve@wuyou.example", name="Eve")


@pytest.fixture
def ada(platform: Organisation) -> User:
    return factories.user(Role.AUDITOR, platform, email="ada@wuyou.example", name="Ada")


@pytest.fixture
def shunda(db: None) -> Organisation:
    return factories.organisation(Kind.COURIER, code="SHUNDA", name="顺达快递")


@pytest.fixture
def kai(shunda: Organisation) -> User:
    return factories.user(Role.COURIER_AGENT, shunda, email="kai@shunda.example", name="Kai")


@pytest.fixture
def other_agent(db: None) -> User:
    return factories.user(Role.COURIER_AGENT, factories.organisation(Kind.COURIER, code="XUNHE", name="迅和速运"))


@pytest.fixture
def cai(platform: Organisation) -> User:
    return factories.user(Role.CASE_AGENT, platform, email="cai@wuyou.example", name="Cai")


@pytest.fixture
def chun(platform: Organisation) -> User:
    return factories.user(Role.CASE_AGENT, platform, email="chun@wuyou.example", name="Chun")


@pytest.fixture
def rui(platform: Organisation) -> User:
    return factories.user(Role.CASE_REVIEWER, platform, email="rui@wuyou.example", name="Rui")


@pytest.fixture
def rong(platform: Organisation) -> User:
    return factories.user(Role.CASE_REVIEWER, platform, email="rong@wuyou.example", name="Rong")
