"""Downloads. The permission is asked at every single one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from assurance.files import vault
from assurance.files.models import StoredFile

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from assurance.accounts.types import SignedIn

CLOSED: Final = "default-src 'none'; sandbox"
"""Whatever is in the file: it may load nothing and run nothing."""


@require_safe
def show(request: SignedIn, pk: int) -> HttpResponseBase:
    """Give a file to whom it may be shown: pictures to look at, everything else to save."""
    return download(request, get_object_or_404(StoredFile.objects.visible_to(request.user), pk=pk))


def download(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    """Answer with the bytes; "not changed" only after the permission was asked again.

    :raises Http404: if the bytes are gone
    """
    etag = f'"{stored.served_sha256}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            opened = vault.place(stored.served_sha256).open("rb")
        except FileNotFoundError:
            raise Http404 from None
        response = FileResponse(
            opened,
            as_attachment=not stored.is_picture,
            filename=stored.shown_name,
            content_type=stored.media_type,
        )
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = CLOSED
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
