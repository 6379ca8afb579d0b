"""The served description of the API: made once a process and language, because it is the same for everybody."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.response import Response

if TYPE_CHECKING:
    from rest_framework.request import Request


class DescriptionView(SpectacularJSONAPIView):
    """``GET /api/v1/schema/``."""

    def _get_schema_response(self, request: Request) -> Response:  # noqa: ARG002  the framework's signature
        return Response(_described(get_language() or settings.LANGUAGE_CODE, settings.ROOT_URLCONF))


@lru_cache(maxsize=8)
def _described(language: str, urlconf: str) -> dict[str, Any]:  # noqa: ARG001  what it depends on
    return dict(SchemaGenerator(urlconf=urlconf).get_schema(request=None, public=True))
