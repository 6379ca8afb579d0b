"""The content security policy of every answer, put together once: only the nonce of a request is new."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

OWN: Final = ("_csp_config", "_csp_update", "_csp_replace", "_csp_exempt")
"""What a view's decorator sets to have a policy of its own."""
PLACE: Final = "nonce-goes-here"


class PolicyMiddleware(CSPMiddleware):
    """django-csp's, for answers without a policy of their own from a text that is known."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if settings.DEBUG or any(name in response.__dict__ for name in OWN):
            return super().process_response(request, response)
        nonce = getattr(request, "_csp_nonce", None)
        if HEADER not in response.headers:
            response.headers[HEADER] = usual(nonce is not None).replace(PLACE, nonce or "")
        if nonce is None:
            refused: Any = self._csp_nonce_post_response
            vars(request)["csp_nonce"] = CheckableLazyObject(refused)  # too late for one
        return response


@lru_cache(maxsize=2)
def usual(with_nonce: bool) -> str:
    """Return the policy of the settings."""
    return build_policy(nonce=PLACE if with_nonce else None)
