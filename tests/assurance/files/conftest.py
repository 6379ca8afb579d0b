from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    """An empty vault."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT
