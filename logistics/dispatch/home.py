"""What home pages show of parcels that are to leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from assurance.home import Step, offers_steps
from assurance.roles import Role
from logistics.dispatch import queries
from logistics.dispatch.queries import TO_BOOK, TO_HAND_OVER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assurance.accounts.models import User

SENDERS: Final = (Role.WAREHOUSE_OPERATOR,)


@offers_steps
def send_what_is_packed(user: User, *, at: datetime) -> Iterator[Step]:  # noqa: ARG001  the front door's signature
    """Offer the warehouse what is packed. One query."""
    if user.role not in SENDERS:
        return
    waiting = queries.waiting(user)
    if n := waiting[TO_BOOK]:
        yield Step(
            title=ngettext("Choose a courier for %(n)s parcel", "Choose couriers for %(n)s parcels", n) % {"n": f"{n:,}"},
            detail=gettext("They are packed and wait at the dispatch desk."),
            url=f"{reverse('dispatch:desk')}?step={TO_BOOK}",
            verb=gettext("Choose"),
            tone="wait",
            icon="route",
        )
    if n := waiting[TO_HAND_OVER]:
        yield Step(
            title=ngettext("Hand over %(n)s parcel", "Hand over %(n)s parcels", n) % {"n": f"{n:,}"},
            detail=gettext("Waybills are booked. What was checked may leave."),
            url=reverse("dispatch:hand-over"),
            verb=gettext("Hand over"),
            tone="run",
            icon="package-export",
        )
