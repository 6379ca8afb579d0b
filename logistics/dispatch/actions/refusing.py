"""Why a parcel does not leave."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from assurance.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.dispatch.models import Waybill


class OtherWarehouse(Refused):
    code = "other_warehouse"
    status = 403
    message = _("Parcel %(parcel)s stands in another warehouse.")


class ParcelNotReady(Refused):
    code = "parcel_not_ready"
    message = _("Parcel %(parcel)s is “%(state)s”: it must be packed first.")


class NoOrigin(Refused):
    code = "no_origin"
    message = _("Nobody has said in which province this warehouse stands. Ask the platform.")


class NoCourier(Refused):
    code = "no_courier"
    message = _("No courier can take parcel %(parcel)s to %(province)s.")


class NoSuchService(Refused):
    code = "no_such_service"
    status = 422
    message = _("There is no courier service %(given)s.")


class NoWaybill(Refused):
    code = "no_waybill"
    message = _("Parcel %(parcel)s has no waybill yet. Choose a courier first.")


class NotCleared(Refused):
    code = "not_cleared"
    message = _("Parcel %(parcel)s was not cleared by the outbound check. It stays here.")


class TwiceInOneSet(Refused):
    code = "twice_in_one_set"
    status = 422
    message = _("Parcel %(parcel)s is named twice.")


class AlreadyLeft(Refused):
    code = "already_left"
    message = _("Waybill %(waybill)s cannot be called off any more: %(state)s.")


class CannotBeCalledOff(Refused):
    code = "not_supported"
    message = _("%(service)s does not take waybills back: not supported.")


def check_once(parcel_ids: Sequence[int]) -> None:
    """Refuse a set that names a parcel twice."""
    counted = Counter(parcel_ids)
    for place, parcel_id in enumerate(parcel_ids):
        if counted[parcel_id] > 1:
            raise TwiceInOneSet(field=f"items.{place}", parcel=parcel_id)


def ids_of(waybill: Waybill) -> dict[str, int]:
    """Return what subscribers get of a waybill's event."""
    return {"waybill_id": waybill.pk, "parcel_id": waybill.parcel_id}
