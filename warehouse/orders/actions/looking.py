"""See a buyer's name, telephone and address in clear: for the label, or with a reason; both are written down."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import User
from assurance.events.actions import announce
from assurance.events.models import Event
from assurance.gates.actions import NoReason
from assurance.refusals import Refused, WrongState
from assurance.roles import Permission, can
from warehouse.orders.actions.locking import OtherWarehouse
from warehouse.orders.lifecycle import ParcelState
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


@transaction.atomic
def label_of(*, parcel_id: int, actor: User | None, at: datetime) -> Recipient:
    """Return whom a packed parcel goes to, in clear, for its label. Only its own warehouse gets it, or a job (no actor).

    :raises OtherWarehouse: if the actor works elsewhere
    :raises WrongState: if nothing is packed yet, or it was cancelled
    """
    parcel = Parcel.objects.select_related("order__recipient").get(pk=parcel_id)
    if actor is not None and actor.organisation_id != parcel.warehouse_id:
        raise OtherWarehouse
    if parcel.state not in (ParcelState.PACKED, ParcelState.CHECKED, ParcelState.HANDED_OVER):
        raise WrongState(state=parcel.get_state_display())
    announce(LABELLED, actor=actor, at=at, subject=parcel, parcel_id=parcel.pk, order_id=parcel.order_id)
    return parcel.order.recipient
