"""Issue badges for released lots, and extend them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.badges import grounds
from assurance.badges.forgery import new_code
from assurance.badges.models import Badge
from assurance.badges.reading import code_key
from assurance.certificates.queries import in_conflict
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.events.actions import News, announce, announce_each
from assurance.events.changes import change, first
from assurance.evidence.actions import Said, record_all
from assurance.evidence.models import EvidenceEntry
from assurance.gates.models import Clearance
from assurance.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence


SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
"""Dates on packages are days in China."""


class NotEnrolled(Refused):
    code = "not_enrolled"
    message = _("This product is not enrolled.")


class LabResultMissing(Refused):
    code = "lab_result_missing"
    message = _("This category's badge waits for a laboratory's pass.")


class CertificateContested(Refused):
    code = "certificate_contested"
    message = _("Another merchant shows a certificate of this product too. The platform decides first.")


@transaction.atomic
def issue(*, clearance_id: int, evidence_entry_id: int, at: datetime) -> Badge:
    """Give a released lot its badge, or add another released tranche to the one it has.

    What the badge says is read from the evidence entry alone. Called again for the same clearance it changes nothing.

    :raises NotEnrolled: if the product has no approved enrolment now
    :raises LabResultMissing: if the category's risk demands a laboratory's pass and there is no fresh one
    :raises CertificateContested: while two merchants show one certificate of the product and nobody has decided (A2.4)
    """
    clearance = Clearance.objects.get(pk=clearance_id, subject_kind="lot", verdict="released")
    entry = EvidenceEntry.objects.get(pk=evidence_entry_id, lot_id=clearance.subject_id)
    said: dict[str, Any] = entry.says
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("product__category")
        .filter(product_id=entry.product_id or 0, state=EnrolmentState.APPROVED)
        .first()
    )
    if enrolment is None:
        raise NotEnrolled
    badge = Badge.objects.current().select_for_update().filter(lot_id=clearance.subject_id).first()
    if badge is None:
        days = enrolment.product.category.lab_result_days
        if days and not grounds.has_fresh_lab_pass(enrolment.product_id, days=days, at=at):
            raise LabResultMissing
        if in_conflict([enrolment.product_id]):
            raise CertificateContested
        return first_badge(clearance, enrolment, said, at=at)
    if badge.clearance_id < clearance.pk:
        extend(badge, clearance, said, at=at)
    return badge


@dataclass(frozen=True)
class Release:
    """A lot that was released: by which clearance, and what is on record of it."""

    clearance_id: int
    evidence_entry_id: int


@transaction.atomic
def issue_all(releases: Sequence[Release]) -> list[Badge]:
    """Give many lots their first badges, each as of its release, in a constant number of statements; return the new ones.

    Passed over are lots that have a badge, products that are not enrolled or whose certificate is contested, and categories that
    demand a laboratory's pass: ``issue`` judges those one by one.
    """
    clearances = Clearance.objects.filter(subject_kind="lot", verdict="released").in_bulk([one.clearance_id for one in releases])
    entries = EvidenceEntry.objects.in_bulk([one.evidence_entry_id for one in releases])
    enrolled = Enrolment.objects.filter(product_id__in={entry.product_id for entry in entries.values()}, state=EnrolmentState.APPROVED)
    free = enrolled.filter(product__category__lab_result_days=0).select_related("product__category").order_by("pk")
    enrolments = {one.product_id: one for one in free.select_for_update(of=("self",))}
    for product_id in in_conflict(list(enrolments)):
        del enrolments[product_id]
    there = set(Badge.objects.filter(lot_id__in=[one.subject_id for one in clearances.values()]).values_list("lot_id", flat=True))
    badges: dict[int, Badge] = {}
    for release in releases:
        clearance, entry = clearances.get(release.clearance_id), entries[release.evidence_entry_id]
        enrolment = enrolments.get(entry.product_id or 0)
        if clearance and enrolment and clearance.subject_id not in there:
            badges.setdefault(clearance.subject_id, new_badge(clearance, enrolment, entry.says, at=clearance.at))
    return write_badges(list(badges.values()))


def first_badge(clearance: Clearance, enrolment: Enrolment, said: dict[str, Any], *, at: datetime) -> Badge:
    """Write a lot's first badge with its evidence."""
    return write_badges([new_badge(clearance, enrolment, said, at=at)])[0]


def new_badge(clearance: Clearance, enrolment: Enrolment, said: dict[str, Any], *, at: datetime) -> Badge:
    return Badge(
        code=new_code(code_key()),
        merchant_id=enrolment.merchant_id,
        product_id=enrolment.product_id,
        enrolment=enrolment,
        clearance=clearance,
        lot_id=clearance.subject_id,
        lot_number=said["lot_number"],
        warehouse_id=said["warehouse_id"],
        produced_date=said.get("produced_date"),
        expiry_date=said.get("expiry_date"),
        received=said["lot_size"],
        inspected=said["inspected"],
        defective=said["defective"],
        inspected_at=said["decided_at"],
        issued_at=at,
        valid_until=end_of_validity(enrolment, said, at=at),
    )


def write_badges(badges: Sequence[Badge]) -> list[Badge]:
    """Write new badges with their evidence and news."""
    if not badges:
        return []
    made = Badge.objects.bulk_create(badges)
    said = [Said("badge_issued", one.product_id, one.merchant_id, _body(one), one.lot_id, at=one.issued_at) for one in made]
    record_all(said, actor=None, at=made[0].issued_at)
    news = [(one, {"badge_id": one.pk, "product_id": one.product_id}) for one in made]
    announce_each(
        [News("badges.badge.issued", one, first(one, "code", "lot_number", "valid_until"), one.issued_at, ids=ids) for one, ids in news]
    )
    return made


def _body(badge: Badge) -> dict[str, str]:
    return {"badge": badge.code, "lot_number": badge.lot_number, "valid_until": badge.valid_until.isoformat()}


def extend(badge: Badge, clearance: Clearance, said: dict[str, Any], *, at: datetime) -> None:
    """Add another released tranche of the same lot to its badge."""
    changes = change(
        badge,
        clearance_id=clearance.pk,
        received=badge.received + said["lot_size"],
        inspected=badge.inspected + said["inspected"],
        defective=badge.defective + said["defective"],
        inspected_at=datetime.fromisoformat(said["decided_at"]),
    )
    badge.save(update_fields=["clearance", "received", "inspected", "defective", "inspected_at"])
    announce("badges.badge.extended", actor=None, at=at, subject=badge, changes=changes, badge_id=badge.pk, product_id=badge.product_id)


def end_of_validity(enrolment: Enrolment, said: dict[str, Any], *, at: datetime) -> datetime:
    """Return when the badge ends by itself: its category's days, the enrolment's end or the goods' expiry, whichever comes first."""
    ends = [at + timedelta(days=enrolment.product.category.badge_days)]
    if enrolment.valid_until:
        ends.append(enrolment.valid_until)
    if said.get("expiry_date"):
        last_day = date.fromisoformat(said["expiry_date"])
        ends.append(datetime.combine(last_day + timedelta(days=1), time.min, SHANGHAI))
    return max(min(ends), at + timedelta(seconds=1))


@transaction.atomic
def issue_waiting(*, product_id: int, at: datetime) -> list[Badge]:
    """Give a product's released lots their badges that waited for a laboratory or a decision; nothing if it still waits."""
    issued = []
    for clearance_id, evidence_entry_id in grounds.released_without_badge(product_id):
        try:
            issued.append(issue(clearance_id=clearance_id, evidence_entry_id=evidence_entry_id, at=at))
        except (CertificateContested, LabResultMissing, NotEnrolled):
            break
    return issued
