"""The API of products and categories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin

from assurance.files.api.views import UPLOAD_LIMIT, uploaded
from assurance.products import actions, queries
from assurance.products.api.serializers import CategoryOut, ExportIn, PictureIn, ProductChange, ProductIn, ProductOut
from assurance.products.models import Category, Product
from assurance.runs.actions import start_run
from assurance.runs.api.serializers import RunOut
from assurance.web.api import Door, ReadingDoor
from assurance.web.filters import StrictFilterSet, TextFilter, VisibleFilter
from assurance.web.parsers import StrictMultiPartParser

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest
    from assurance.products.models import ProductQuerySet


class CategoryViews(ListModelMixin, Door):
    """What every category demands, in the order of the catalogue."""

    queryset = Category.objects.none()
    serializer_class = CategoryOut
    default_ordering: ClassVar = ("parent__position", "position", "pk")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("parent")


class ProductFilters(StrictFilterSet):
    q = TextFilter(method="search")
    sku = TextFilter(max_length=40)
    gtin = TextFilter(max_length=14)
    category = VisibleFilter(model=Category, by="code", method="within")

    def search(self, found: QuerySet[Product], _name: str, value: str) -> QuerySet[Product]:
        """Part of the name, or the beginning of SKU or GTIN."""
        return found.filter(queries.named(value))

    def within(self, found: QuerySet[Product], _name: str, value: Category) -> QuerySet[Product]:
        return found.filter(Q(category=value) | Q(category__parent=value))


class ProductViews(ReadingDoor):
    """The products the asker may see, newest first."""

    queryset = Product.objects.none()
    serializer_class = ProductOut
    filterset_class = ProductFilters
    inputs: ClassVar = {"create": ProductIn, "partial_update": ProductChange, "picture": PictureIn, "export": ExportIn}
    outputs: ClassVar = {"export": RunOut}
    orderings: ClassVar = {"id": "id", "sku": "sku", "updated_at": "updated_at"}

    def get_queryset(self) -> QuerySet[Any]:
        return cast("ProductQuerySet", super().get_queryset()).with_entries_rules()

    def create(self, request: SignedInRequest) -> Response:
        """Enter a product of your organisation."""
        return self.created(actions.create(values=self.accepted(), actor=request.user, at=timezone.now()))

    def partial_update(self, request: SignedInRequest, pk: str) -> Response:
        """Change the named fields, if nobody changed the product since you read it."""
        values = self.accepted()
        version = values.pop("version")
        product = actions.update(product_id=self.get_object().pk, version=version, values=values, actor=request.user, at=timezone.now())
        return self.shown(product)

    @action(detail=True, methods=["post"], parser_classes=[StrictMultiPartParser])
    def picture(self, request: SignedInRequest, pk: str) -> Response:
        """Replace the picture."""
        upload = uploaded(self.accepted()["file"])
        product = actions.update(
            product_id=self.get_object().pk,
            values={},
            picture=actions.Upload(*upload),
            actor=request.user,
            at=timezone.now(),
        )
        return self.shown(product)

    @extend_schema(responses={202: RunOut})
    @action(detail=False, methods=["post"])
    def export(self, request: SignedInRequest) -> Response:
        """Have your products written into a CSV file or an XLSX workbook; the answer is the run that does it."""
        wanted = {"form": "csv"} | self.accepted()
        total = queries.find(request.user).count()
        return self.shown(start_run("products_export", actor=request.user, at=timezone.now(), total=total, **wanted), status=202)

    @property
    def body_limit(self) -> int:  # type: ignore[override]
        return UPLOAD_LIMIT if self.action == "picture" else super().body_limit
