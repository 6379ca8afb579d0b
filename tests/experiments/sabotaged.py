"""A pytest plugin (``-p tests.experiments.sabotaged``) that brings one defect of access control back for a whole run.

``make proof`` uses it to see the access matrix, the field checks and the file checks fail.
"""

from __future__ import annotations

import os
from typing import Any

import pytest


def see_all() -> None:
    """Every tenant model shows everything to everybody who is signed in: the scoping word is empty."""
    from django.apps import apps

    for model in apps.get_models():
        if hasattr(queryset := type(model._default_manager.all()), "visible_to"):
            queryset.visible_to = lambda self, user: self if user.is_authenticated else self.none()


def take_any_field() -> None:
    """The API ignores fields that it does not know, as the framework does by itself."""
    from rest_framework.serializers import Serializer

    from assurance.web.serializers import StrictSerializer

    StrictSerializer.to_internal_value = Serializer.to_internal_value  # type: ignore[method-assign]


def open_files() -> None:
    """A file is found by its number alone."""
    from assurance.files.models import StoredFile

    type(StoredFile.objects.all()).visible_to = lambda self, user: self  # type: ignore[method-assign]


SABOTAGES = {f.__name__: f for f in (see_all, take_any_field, open_files)}


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: Any) -> None:
    """Bring the defect back when everything is imported and before anything runs."""
    SABOTAGES[os.environ["SUITE_SABOTAGE"]]()
