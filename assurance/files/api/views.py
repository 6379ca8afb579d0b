"""The API of files."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from django.conf import settings
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin

from assurance.files import actions
from assurance.files.api.serializers import FileIn, FileOut
from assurance.files.models import StoredFile
from assurance.files.sniffing import ALL, DOCUMENTS
from assurance.files.views import download
from assurance.web.api import Door
from assurance.web.parsers import StrictMultiPartParser

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http.response import HttpResponseBase
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest

UPLOAD_LIMIT: Final = settings.UPLOAD_MAX_BYTES + 64 * 1024
"""An upload with what multipart adds to it."""


def uploaded(file: UploadedFile) -> tuple[bytes, str]:
    """Return the bytes and the name that was sent with them.

    :raises FileTooLarge: before anything is read
    """
    if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise actions.FileTooLarge(field="file", max=settings.UPLOAD_MAX_BYTES // 2**20)
    return file.read(), file.name or ""


class FileViews(RetrieveModelMixin, Door):
    """The files the asker may see, one by one."""

    queryset = StoredFile.objects.none()
    serializer_class = FileOut
    parser_classes = [StrictMultiPartParser]
    inputs: ClassVar = {"create": FileIn}
    body_limit: ClassVar = UPLOAD_LIMIT

    def create(self, request: SignedInRequest) -> Response:
        """Keep a picture or a PDF. The same bytes again are the same file."""
        data, name = uploaded(self.accepted()["file"])
        stored = actions.store(
            organisation=request.user.organisation,
            uploaded_by=request.user,
            data=data,
            shown_name=name,
            at=timezone.now(),
            accept=DOCUMENTS,
            field="file",
        )
        return self.created(stored)

    @extend_schema(responses={(200, media_type): OpenApiTypes.BINARY for media_type in sorted(ALL)})
    @action(detail=True, methods=["get"])
    def content(self, request: SignedInRequest, pk: str) -> HttpResponseBase:
        """Download the bytes."""
        return download(request._request, self.get_object())
