"""Let the tags of products and shops follow what is known. Nobody asks for them and nobody closes them by hand."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_noop

from assurance.badges import losses
from assurance.badges.forgery import new_code
from assurance.badges.lifecycle import SHOP_SHARE, WARNING_DAYS, Loss, Standing, TagState, follow, shop_share
from assurance.badges.models import Badge, Tag
from assurance.badges.reading import code_key
from assurance.badges.validity import Status
from assurance.database import update_each
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.events.actions import News, announce_each
from assurance.events.changes import change, first
from assurance.evidence.actions import Said, record_all
from assurance.products.models import Product
from assurance.sentences import keep

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

KINDS: Final = {TagState.TAGGED: "badges.tag.tagged", TagState.WARNED: "badges.tag.warned", TagState.UNTAGGED: "badges.tag.untagged"}

FEW: Final = gettext_noop("Fewer than 80 % of the shop's enrolled products carry a valid badge.")
FELL: Final = gettext_noop("A product of the shop lost its badge.")
keep(FEW, FELL)


@transaction.atomic
def follow_products(*, product_ids: Collection[int], at: datetime) -> list[Tag]:
    """Bring the tags of products that ever had a badge up to what is known; return those whose state changed. Constant queries."""
    tags = {tag.product_id: tag for tag in Tag.objects.select_for_update().filter(product_id__in=product_ids).order_by("pk")}
    badged = Badge.objects.current().filter(product_id__in=product_ids, revoked_at=None).values_list("product_id", flat=True)
    products = list(Product.objects.filter(pk__in={*badged, *tags}).select_related("category").order_by("pk"))
    lost = losses.losses_of(products, at=at)
    made = [_tag(product.merchant_id, at=at, product_id=product.pk) for product in products if product.pk not in tags]
    days = {product.pk: product.category.badge_warning_days for product in products}
    _write_new(made, at=at)
    every = [*tags.values(), *Tag.objects.filter(product_id__in=[one.product_id for one in made])]
    return _follow(every, {one.product_id or 0: one for one in every}, lost, days, at=at)


@transaction.atomic
def follow_shops(*, merchant_ids: Collection[int], at: datetime) -> list[Tag]:
    """Bring the tags of shops up to their products'; a shop gets one when enough of its products carry the badge. Constant queries."""
    shops = Tag.objects.filter(level=Tag.Level.SHOP, merchant_id__in=merchant_ids)
    tags = {tag.merchant_id: tag for tag in shops.select_for_update().order_by("pk")}
    lost = _losses_of_shops(merchant_ids, at=at)
    made = [_tag(merchant_id, at=at) for merchant_id in sorted(merchant_ids) if merchant_id not in tags and merchant_id not in lost]
    _write_new(made, at=at)
    tags |= {tag.merchant_id: tag for tag in shops.filter(merchant_id__in=[one.merchant_id for one in made])}
    return _follow(list(tags.values()), tags, lost, {}, at=at)


def _losses_of_shops(merchant_ids: Collection[int], *, at: datetime) -> dict[int, list[Loss]]:
    enrolled = Enrolment.objects.filter(merchant_id__in=merchant_ids, state=EnrolmentState.APPROVED).order_by()
    of = dict(enrolled.values_list("merchant_id").annotate(n=Count("product_id", distinct=True)))
    valid = Badge.objects.filter(merchant_id__in=merchant_ids).in_status(Status.VALID, at).order_by()
    have = dict(valid.values_list("merchant_id").annotate(n=Count("product_id", distinct=True)))
    fallen = set(Tag.objects.fallen(at).filter(merchant_id__in=merchant_ids).values_list("merchant_id", flat=True))
    lost: dict[int, list[Loss]] = defaultdict(list)
    for merchant_id in merchant_ids:
        if shop_share(badged=have.get(merchant_id, 0), enrolled=of.get(merchant_id, 0)) < SHOP_SHARE:
            lost[merchant_id].append(Loss("shop_share", FEW, at))
        if merchant_id in fallen:
            lost[merchant_id].append(Loss("shop_product", FELL, at))
    return dict(lost)


def _tag(merchant_id: int, *, at: datetime, product_id: int | None = None) -> Tag:
    level = Tag.Level.SHOP if product_id is None else Tag.Level.PRODUCT
    return Tag(level=level, merchant_id=merchant_id, product_id=product_id, code=new_code(code_key()), tagged_at=at, changed_at=at)


def _write_new(tags: Sequence[Tag], *, at: datetime) -> None:
    """Write new tags; what another process wrote meanwhile stays."""
    if not tags:
        return
    Tag.objects.bulk_create(tags, ignore_conflicts=True)
    codes = [one.code for one in tags]
    written = list(Tag.objects.filter(code__in=codes).order_by("pk"))
    _record(written, at=at)
    announce_each(
        [News("badges.tag.created", tag, first(tag, "code", "level"), at, ids={"tag_id": tag.pk} | _product(tag)) for tag in written]
    )


def _follow(
    tags: Sequence[Tag], by: Mapping[int, Tag], lost: Mapping[int, list[Loss]], days: Mapping[int, int], *, at: datetime
) -> list[Tag]:
    changed: dict[int, dict[str, Any]] = {}
    for key, tag in by.items():
        before = Standing(TagState(tag.state), tag.falls_at, tuple(tag.lost))
        after = follow(before, lost.get(key, ()), at=at, days=days.get(key, WARNING_DAYS))
        if after != before:
            was = tag.state
            found = change(tag, state=str(after.state), lost=list(after.lost), falls_at=after.falls_at, changed_at=at)
            if was == TagState.UNTAGGED != after.state:
                tag.tagged_at = at
            changed[tag.pk] = found
    touched = [tag for tag in tags if tag.pk in changed]
    update_each(touched, ["state", "lost", "falls_at", "tagged_at", "changed_at"])
    moved = [tag for tag in touched if "state" in changed[tag.pk]]
    _tell(moved, {tag.code: changed[tag.pk] for tag in moved}, at=at)
    return moved


def _tell(tags: Sequence[Tag], changes: Mapping[str, dict[str, Any]], *, at: datetime) -> None:
    """Put what befell tags into the evidence of their products and into the news."""
    _record([tag for tag in tags if tag.state != TagState.WARNED], at=at)
    announce_each([News(KINDS[TagState(tag.state)], tag, changes[tag.code], at, ids={"tag_id": tag.pk} | _product(tag)) for tag in tags])


def _record(tags: Sequence[Tag], *, at: datetime) -> None:
    said = [
        Said(f"badge_{tag.state}", tag.product_id, tag.merchant_id, {"tag": tag.code, "because": [one["because"] for one in tag.lost]})
        for tag in tags
    ]
    if said:
        record_all(said, actor=None, at=at)


def _product(tag: Tag) -> dict[str, int]:
    return {"product_id": tag.product_id} if tag.product_id else {}
