"""Set the session up before anything imports a model, then offer its fixtures to every test."""

import gc
import os
from collections.abc import Iterator
from unittest.mock import patch

import hypothesis
import pytest

from tests.harness import session

session.begin()

from tests.harness.browser import browser, browser_type_launch_args  # noqa: E402
from tests.harness.databases import _django_db_helper, committed_db, django_db_setup, wants_database  # noqa: E402  Django is set up above
from tests.harness.worlds import pytest_fixture_setup  # noqa: E402

__all__ = ["_django_db_helper", "browser", "browser_type_launch_args", "committed_db", "django_db_setup", "pytest_fixture_setup"]

pytest_plugins = ["tests.cast"]
hypothesis.settings.register_profile("here", max_examples=25, deadline=None)
hypothesis.settings.register_profile("proof", max_examples=100, deadline=None)
hypothesis.settings.load_profile("proof" if session.is_exhaustive() else "here")

_asked = False


def pytest_itemcollected(item: pytest.Item) -> None:
    """Build the database while the other tests are being collected, unless this one may yet be deselected."""
    global _asked
    if hasattr(getattr(item, "module", None), "barriers") or getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
        item.add_marker("sampled")  # fewer looks, fewer made-up values: see there and below
    chosen = item.config.option
    if not _asked and wants_database(item) and not (chosen.collectonly or chosen.keyword or chosen.markexpr):
        session.ask_early()
        _asked = True


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave further looks at the same pages to ``make proof``; start what takes long first, so that no process ends alone."""
    if not session.is_exhaustive():
        further = [item for item in items if item.get_closest_marker("exhaustive")]
        config.hook.pytest_deselected(items=further)
        items[:] = [item for item in items if item not in set(further)]
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what stays anyway, models and tests, and look less often at the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_unconfigure() -> Iterator[None]:
    yield
    session.end()


@pytest.fixture(scope="session")
def valkey_url() -> str:
    """The address of the session's Valkey; the broker of the settings is the same."""

    return os.environ["REDIS_URL"]


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Serve static files under their own names, since names with a digest exist only after they were collected; and quickly."""
    from django.conf import settings
    from django.contrib.staticfiles import handlers
    from django.test import override_settings

    from tests.harness.static_files import KeptFiles

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}), patch.object(handlers, "StaticFilesHandler", KeptFiles):
        yield


@pytest.fixture(autouse=True)
def one_language_to_begin_with() -> Iterator[None]:
    """Begin every test in English: a language that a request left active must not decide what the next test reads."""
    from django.utils import translation

    with translation.override("en"):
        yield
