"""The API of the catalogue: find, look, list, read the talk-sheet, check a script."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django.db.models import Q
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework.decorators import action

from assurance.catalog import actions, queries
from assurance.catalog.api.serializers import CheckedOut, EntriesIn, ListOut, NameIn, ScriptIn, ShownOut, TalkSheetOut
from assurance.catalog.models import CatalogEntry, SelectionList, TalkSheetShown
from assurance.catalog.scripts import checked
from assurance.products.models import Category
from assurance.roles import Permission, can
from assurance.web import fields
from assurance.web.api import ReadingDoor
from assurance.web.filters import FlagFilter, IdFilter, StrictFilterSet, TextFilter, VisibleFilter, WholeFilter

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest
    from assurance.catalog.models import CatalogEntryQuerySet


@extend_schema_field({"type": "string", "format": "decimal"})
class MoneyFilter(django_filters.Filter):
    """An amount like ``12.30``."""

    field_class = fields.MoneyField


@extend_schema_field({"type": "string", "format": "decimal"})
class RateFilter(django_filters.Filter):
    """A share like ``0.2``."""

    field_class = fields.RateField


class CatalogFilters(StrictFilterSet):
    q = TextFilter(method="search")
    category = VisibleFilter(model=Category, by="code", method="within")
    price_from = MoneyFilter(field_name="price", lookup_expr="gte")
    price_to = MoneyFilter(field_name="price", lookup_expr="lte")
    commission_from = RateFilter(method="offering")
    strength = WholeFilter(field_name="strength", lookup_expr="gte")
    days = WholeFilter(method="fresh")
    warehouse = IdFilter(field_name="warehouse_id")
    valid = FlagFilter(method="judged_valid")
    in_stock = FlagFilter(method="stocked")

    def search(self, found: CatalogEntryQuerySet, _name: str, value: str) -> CatalogEntryQuerySet:
        """Part of the product's or the merchant's name."""
        return found.filter(Q(name__icontains=value) | Q(name_en__icontains=value) | Q(merchant__name__icontains=value))

    def within(self, found: CatalogEntryQuerySet, _name: str, value: Category) -> CatalogEntryQuerySet:
        return found.filter(Q(category=value) | Q(category__parent=value))

    def offering(self, found: CatalogEntryQuerySet, _name: str, value: Any) -> CatalogEntryQuerySet:
        """At least this share; who may not see commissions finds nothing by them."""
        return found.filter(commission_rate__gte=value) if can(self.request.user, Permission.SEE_COMMISSION) else found.none()

    def fresh(self, found: CatalogEntryQuerySet, _name: str, value: int) -> CatalogEntryQuerySet:
        """At least so many days of shelf life are left, or there is no such date."""
        return found.fresh_until(queries.day_of(timezone.now()) + timedelta(days=value))

    def judged_valid(self, found: CatalogEntryQuerySet, _name: str, value: bool) -> CatalogEntryQuerySet:
        valid = found.with_valid_badge(timezone.now())
        return valid if value else found.exclude(pk__in=valid.values("pk"))

    def stocked(self, found: CatalogEntryQuerySet, _name: str, value: bool) -> CatalogEntryQuerySet:
        return found.filter(sellable_units__gt=0) if value else found.filter(sellable_units=0)


class CatalogViews(ReadingDoor):
    """What streamers may choose from, the strongest proof first. Every badge is judged when it is asked for."""

    queryset = CatalogEntry.objects.none()
    serializer_class = ShownOut
    filterset_class = CatalogFilters
    inputs: ClassVar = {"check_script": ScriptIn}
    outputs: ClassVar = {"check_script": CheckedOut, "talk_sheet": TalkSheetOut}
    orderings: ClassVar = {"price": "price", "strength": "strength", "stock": "sellable_units", "expiry": "expiry_date", "name": "name"}
    default_ordering: ClassVar = ("-strength", "-sellable_units", "-pk")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("category", "warehouse", "merchant")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the products of the catalogue."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(self.get_serializer(queries.shown(page, at=timezone.now()), many=True).data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show one product of the catalogue."""
        return self.shown(queries.shown([self.get_object()], at=timezone.now())[0])

    @extend_schema(responses={201: TalkSheetOut})
    @action(detail=True, methods=["post"], url_path="talk-sheet", url_name="talk-sheet")
    def talk_sheet(self, request: SignedInRequest, pk: str) -> Response:
        """Read what may be said now; that you were shown exactly this is kept with its time."""
        _content, shown = actions.show_talk_sheet(entry=self.get_object(), actor=request.user, at=timezone.now())
        return self.shown(shown, status=201)

    @action(detail=False, methods=["post"], url_path="check-script", url_name="check-script")
    def check_script(self, request: SignedInRequest) -> Response:
        """Check what you mean to say; nothing of it is kept but this answer."""
        return self.shown(checked(self.accepted()["script"]))


class SelectionViews(ReadingDoor):
    """The lists of your studio, newest first."""

    queryset = SelectionList.objects.none()
    serializer_class = ListOut
    inputs: ClassVar = {"create": NameIn, "add": EntriesIn, "remove": EntriesIn}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().prefetch_related("selections")

    def create(self, request: SignedInRequest) -> Response:
        """Begin a list."""
        return self.created(actions.make_list(**self.accepted(), actor=request.user, at=timezone.now()))

    @action(detail=True, methods=["post"])
    def add(self, request: SignedInRequest, pk: str) -> Response:
        """Put products on the list, all or none; one that cannot be chosen says why."""
        entries = self.accepted()["entries"]
        actions.add(list_id=self.get_object().pk, entries=entries, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def remove(self, request: SignedInRequest, pk: str) -> Response:
        """Take products off the list."""
        numbers = [entry.pk for entry in self.accepted()["entries"]]
        actions.remove(list_id=self.get_object().pk, entry_ids=numbers, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())


class TalkSheetViews(ReadingDoor):
    """The talk-sheets your studio was shown, word for word, newest first."""

    queryset = TalkSheetShown.objects.none()
    serializer_class = TalkSheetOut

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("sheet")
