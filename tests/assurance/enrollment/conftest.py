import pytest

from tests import enrolments


@pytest.fixture
def categories(db):
    """The categories that are shipped."""
    enrolments.load_categories()
