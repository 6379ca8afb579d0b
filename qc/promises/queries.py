"""What pages ask about promises: of one notice, and how they were kept in each warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Avg, Count, DateTimeField, DurationField, ExpressionWrapper, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Greatest

from qc.inspections.models import Inspection
from qc.promises.models import Promise
from warehouse.inbound.models import Receipt

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.promises.models import PromiseQuerySet

REPORTED_DAYS: Final = 30
OPENED_WITHIN: Final = timedelta(hours=1)
"""An inspection that is opened later than this after the last receipt is about goods of another notice."""
STAGE: Final = "inbound"


def with_actual(promises: PromiseQuerySet) -> PromiseQuerySet:
    """Add when the goods of each line came (``arrived``), were released or held (``decided``), and by when they had to be (``owed``).

    Who delivers later than announced is served as much later.
    """
    receipts = Receipt.objects.filter(line=OuterRef("line")).order_by()
    arrived = receipts.values("line").annotate(at=Max("received_at")).values("at")
    inspections = Inspection.objects.filter(lot=OuterRef("lot_in"), stage=STAGE, opened_at__lte=OuterRef("arrived") + OPENED_WITHIN)
    lateness = ExpressionWrapper(Greatest(F("arrived"), F("arrival_at")) - F("arrival_at"), output_field=DurationField())
    return promises.annotate(
        arrived=Subquery(arrived, output_field=DateTimeField()),
        lot_in=Subquery(receipts.values("lot")[:1]),
        decided=Subquery(inspections.order_by(F("decided_at").desc(nulls_first=True)).values("decided_at")[:1]),
        owed=ExpressionWrapper(F("release_at") + lateness, output_field=DateTimeField()),
    )


def of_notice(user: User, notice_id: int) -> list[Promise]:
    """Return what was promised last of each line of a notice, with what became of it."""
    found = Promise.objects.visible_to(user).filter(notice_id=notice_id).said_last()
    return list(with_actual(found).select_related("line__product").order_by("line_id"))


@dataclass(frozen=True)
class Kept:
    """How a warehouse kept its promises: lines that came and were decided, in time or late, and lines it still owes."""

    code: str
    name: str
    name_en: str
    kept: int
    late: int
    overdue: int
    off_by: timedelta | None

    @property
    def lines(self) -> int:
        return self.kept + self.late + self.overdue

    @property
    def share(self) -> float | None:
        """The share of the lines that were decided in time; nothing where nothing was due."""
        return self.kept / self.lines if self.lines else None

    @property
    def percent(self) -> int | None:
        return None if self.share is None else round(self.share * 100)

    @property
    def hours(self) -> float | None:
        """By how many hours decisions came after the promised moment on average; before it where negative."""
        return None if self.off_by is None else round(self.off_by.total_seconds() / 3600, 1)


def report(user: User, *, at: datetime, days: int = REPORTED_DAYS) -> list[Kept]:
    """Return actual against promised of each warehouse: lines that were to be released in the last ``days``. One query."""
    found = Promise.objects.visible_to(user).said_last().filter(release_at__gt=at - timedelta(days=days), release_at__lte=at)
    promised: Any = with_actual(found)
    came = promised.filter(arrived__isnull=False)
    rows = (
        came.order_by()
        .values("warehouse__code", "warehouse__name", "warehouse__name_en")
        .annotate(
            kept=Count("pk", filter=Q(decided__lte=F("owed"))),
            late=Count("pk", filter=Q(decided__gt=F("owed"))),
            overdue=Count("pk", filter=Q(decided=None, owed__lt=at)),
            off_by=Avg(ExpressionWrapper(F("decided") - F("owed"), output_field=DurationField())),
        )
    )
    return [_kept(row) for row in rows.order_by("warehouse__name", "warehouse__code")]


def _kept(row: dict[str, Any]) -> Kept:
    side = {name: row[f"warehouse__{name}"] for name in ("code", "name", "name_en")}
    return Kept(**side, **{name: row[name] for name in ("kept", "late", "overdue", "off_by")})
