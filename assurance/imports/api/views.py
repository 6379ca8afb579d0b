"""The API of product files: send one in, read what is wrong, import what is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from assurance.files.api.views import UPLOAD_LIMIT, uploaded
from assurance.imports import actions, queries
from assurance.imports.api.serializers import FlawOut, ProductImportOut, UploadIn
from assurance.imports.models import ProductImport
from assurance.web.api import ReadingDoor
from assurance.web.parsers import StrictJSONParser, StrictMultiPartParser

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest


class ProductImportViews(ReadingDoor):
    """The product files the asker sent in, newest first."""

    queryset = ProductImport.objects.none()
    serializer_class = ProductImportOut
    inputs: ClassVar = {"create": UploadIn}
    outputs: ClassVar = {"flaws": FlawOut}
    parser_classes = [StrictMultiPartParser]

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("run")

    def create(self, request: SignedInRequest) -> Response:
        """Send a file in. Its rows are checked in the background; nothing is imported before you say so."""
        data, name = uploaded(self.accepted()["file"])
        return self.created(actions.take_in(data=data, name=name, actor=request.user, at=timezone.now()))

    @extend_schema(responses=FlawOut(many=True))
    @action(detail=True, methods=["get"])
    def flaws(self, request: SignedInRequest, pk: str) -> Response:
        """List every bad cell that the latest run found, in the order of the sheet."""
        page = self.paginate_queryset(queries.flaws(self.get_object()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(responses={202: ProductImportOut})
    @action(detail=True, methods=["post"], url_path="import", url_name="bring-in", parser_classes=[StrictJSONParser])
    def bring_in(self, request: SignedInRequest, pk: str) -> Response:
        """Import the rows that are good."""
        self.accepted()
        return self.shown(actions.bring_in(import_id=self.get_object().pk, actor=request.user, at=timezone.now()), status=202)

    @extend_schema(responses={202: ProductImportOut})
    @action(detail=True, methods=["post"], url_path="check", url_name="check-again", parser_classes=[StrictJSONParser])
    def check_again(self, request: SignedInRequest, pk: str) -> Response:
        """Check the rows of a file that was stopped once more."""
        self.accepted()
        return self.shown(actions.check_again(import_id=self.get_object().pk, actor=request.user, at=timezone.now()), status=202)

    def known_parameters(self) -> set[str]:
        return {"page", "page_size"} if self.action == "flaws" else super().known_parameters()

    @property
    def body_limit(self) -> int:  # type: ignore[override]
        return UPLOAD_LIMIT if self.action == "create" else super().body_limit
