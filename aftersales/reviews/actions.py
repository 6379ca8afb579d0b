"""Keep what buyers said."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.reviews.models import BuyerReview
from assurance.events.actions import News, announce_each
from assurance.events.changes import first
from assurance.refusals import Refused
from warehouse.orders.models import Order

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User


class NoSuchOrder(Refused):
    code = "no_such_order"
    status = 422
    message = _("There is no such order.")


@dataclass(frozen=True, slots=True)
class Written:
    """One review as it came from the marketplace."""

    order_id: int
    source: str
    score: int
    title: str
    text: str
    written_at: datetime
    answered_at: datetime | None = None

    @property
    def digest(self) -> str:
        answered = self.answered_at.isoformat() if self.answered_at else ""
        said = [self.source, self.score, self.title, self.text, self.written_at.isoformat(), answered]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def keep_reviews(reviews: Sequence[Written], *, actor: User | None, at: datetime) -> list[BuyerReview]:
    """Keep reviews and return those that are new; what was kept before is passed over.

    :raises NoSuchOrder: with the place of the review; nothing is kept
    """
    merchants = dict(Order.objects.filter(pk__in={one.order_id for one in reviews}).values_list("pk", "merchant_id"))
    for place, one in enumerate(reviews):
        if one.order_id not in merchants:
            raise NoSuchOrder(field=f"items.{place}.order")
    there = set(BuyerReview.objects.filter(order_id__in=merchants).values_list("order_id", "digest"))
    fresh = {key: one for one in reviews if (key := (one.order_id, one.digest)) not in there}
    made = BuyerReview.objects.bulk_create(
        BuyerReview(
            order_id=one.order_id,
            merchant_id=merchants[one.order_id],
            source=one.source,
            digest=digest,
            score=one.score,
            title=one.title,
            text=one.text,
            written_at=one.written_at,
            answered_at=one.answered_at,
        )
        for (_order, digest), one in fresh.items()
    )
    announce_each([News("aftersales.review.kept", one, first(one, "score", "source"), at=at, actor=actor) for one in made])
    return made
