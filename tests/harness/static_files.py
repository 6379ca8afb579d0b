"""What the live server hands to the browser beside pages: read once, sent at once, and fetched once by each window.

Django's own handler looks for the file at every request and sends it in pieces of 4 KB; a Chinese page asks for dozens of slices of its
font, and thousands of small pieces kept two processes awake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpResponse

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


class KeptFiles(StaticFilesHandler):
    kept: ClassVar[dict[str, tuple[bytes, str]]] = {}

    def serve(self, request: HttpRequest) -> HttpResponseBase:
        """:raises Http404: where there is no such file"""
        if request.path not in self.kept:
            found = super().serve(request)
            if found.status_code != 200:
                return found
            self.kept[request.path] = found.getvalue(), found.headers["Content-Type"]
            found.close()
        content, kind = self.kept[request.path]
        return HttpResponse(content, content_type=kind, headers={"Cache-Control": "max-age=3600"})
