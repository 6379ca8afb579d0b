from __future__ import annotations

import pytest

from tests import goods


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    """An empty vault."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def cleanser(amal):
    """A product of Amal's without an enrolment."""
    return goods.product(amal.organisation)


@pytest.fixture
def cream(amal):
    return goods.product(amal.organisation, name="面霜")


@pytest.fixture
def theirs(chidi):
    """A product of another merchant."""
    return goods.product(chidi.organisation)
