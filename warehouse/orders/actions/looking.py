"""See a buyer's name, telephone and address in clear: for the label, or with a reason; both are written down."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import User
from assurance.events.actions import announce
from assurance.events.changes import change
from assurance.events.models import Event
from assurance.gates.actions import NoReason
from assurance.refusals import Refused, WrongState
from assurance.roles import Permission, can
from warehouse.orders.actions.locking import OtherWarehouse, lock_parcels, tell_of_parcels
from warehouse.orders.lifecycle import CLEARED, ParcelState
from warehouse.orders.models import Order, Parcel, Recipient

if TYPE_CHECKING:
    from datetime import datetime

REVEALED: Final = "warehouse.recipient.revealed"
LABELLED: Final = "warehouse.recipient.labelled"
REVEALS_AN_HOUR: Final = 20


class MayNotReveal(Refused):
    code = "may_not_reveal"
    status = 403
    message = _("Your role may not see buyers' names and addresses.")


class NotChecked(Refused):
    code = "not_checked"
    message = _("Parcel %(parcel)s has not passed its check: it is not sealed and gets no label yet.")


class TooManyReveals(Refused):
    code = "slow_down"
    status = 429
    message = _("You have looked at %(most)s persons' data in the last hour. Go on later.")


@transaction.atomic
def reveal_recipient(*, order_id: int, reason: str, actor: User, at: datetime) -> Recipient:
    """Return whom an order goes to, in clear, and write down who looked and why. The caller has found the order for the actor.

    :raises MayNotReveal, NoReason, TooManyReveals:
    """
    if not can(actor, Permission.REVEAL_PERSON):
        raise MayNotReveal
    if not reason.strip():
        raise NoReason(field="reason")
    User.objects.select_for_update(of=("self",)).get(pk=actor.pk)  # two requests at once must not both be the twentieth
    if Event.objects.filter(kind=REVEALED, actor_id=actor.pk, at__gt=at - timedelta(hours=1)).count() >= REVEALS_AN_HOUR:
        raise TooManyReveals(most=REVEALS_AN_HOUR)
    order = Order.objects.visible_to(actor).select_related("recipient").get(pk=order_id)
    announce(REVEALED, actor=actor, at=at, subject=order, reason=reason, organisation_id=actor.organisation_id, order_id=order.pk)
    return order.recipient


def check_passed(*, parcel_id: int) -> None:
    """:raises NotChecked: if a packed parcel has not passed its check: nothing is booked for its label yet"""
    parcel = Parcel.objects.get(pk=parcel_id)
    if parcel.state == ParcelState.PACKED:
        raise NotChecked(parcel=parcel.code)


@transaction.atomic
def label_of(*, parcel_id: int, actor: User | None, at: datetime) -> Recipient:
    """Return whom a parcel goes to, in clear, for its label, which seals it. Only its own warehouse gets it, or a job (no actor).

    :raises OtherWarehouse: if the actor works elsewhere
    :raises WrongState: if nothing is packed yet, or it was cancelled
    :raises NotChecked: before it has passed its check (P7.2)
    """
    parcel = lock_parcels([parcel_id])[parcel_id]
    if actor is not None and actor.organisation_id != parcel.warehouse_id:
        raise OtherWarehouse
    if parcel.state == ParcelState.PACKED:
        raise NotChecked(parcel=parcel.code)
    if parcel.state not in CLEARED:
        raise WrongState(state=parcel.get_state_display())
    if parcel.sealed_at is None:
        changes = change(parcel, sealed_at=at)
        parcel.save(update_fields=["sealed_at"])
        tell_of_parcels("warehouse.parcel.sealed", [(parcel, changes, at, actor)])
    announce(LABELLED, actor=actor, at=at, subject=parcel, parcel_id=parcel.pk, order_id=parcel.order_id)
    return parcel.order.recipient
