"""Parcels checked before they leave and units that come back, made through the same actions as on the pages. At the cast's moment NOON."""

from __future__ import annotations

import io
import itertools
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PIL import Image

from assurance.files.actions import store
from assurance.reference import newest
from qc.checks import actions as checks
from qc.checks.actions import ParcelCheck
from qc.returned import actions as returned
from qc.returned.actions import Disposal, ReturnCheck
from tests import orders
from tests.factories import NOON
from warehouse.orders import actions as parcels
from warehouse.orders.actions import Step
from warehouse.returns import actions as returns
from warehouse.returns.actions import ArrivedReturn, ScannedUnit
from warehouse.returns.grades import Disposition

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from assurance.files.models import StoredFile
    from qc.checks.models import OutboundCheck
    from qc.returned.models import ReturnDisposition, ReturnInspection
    from warehouse.orders.models import Parcel
    from warehouse.returns.models import ReturnParcel, ReturnUnit
    from warehouse.stock.models import Lot

LATER = NOON + timedelta(days=6)
"""When things come back."""
IN_ORDER = {"right_item": True, "outer_packaging": "intact", "label": True, "seal": True, "shelf_life": True}
AS_NEW = IN_ORDER | {"complete": True, "condition": "unused", "fault": "none"}
_shade = itertools.count(1)


def lists() -> None:
    """Load the shipped lists of parcels and returned units; what is asked of a lot is ``goods.ask``'s to say."""
    data = newest("checklists")
    told = [one for one in data["checklists"] if one["stage"] != "inbound"]
    checks.load_checklists(data=data | {"checklists": told}, at=NOON)


def picture(actor: User) -> StoredFile:
    """Return a picture that this person took; no two are the same."""
    n = next(_shade)
    content = io.BytesIO()
    Image.new("RGB", (4, 4), (n % 256, n // 256 % 256, 9)).save(content, "PNG")
    return store(organisation=actor.organisation, uploaded_by=actor, data=content.getvalue(), shown_name="photo.png", at=NOON)


def packed(amal: User, wei: User, lot: Lot, quantity: int = 1, **given: Any) -> Parcel:
    return orders.packed(amal, wei, (lot.product, quantity), **given)


def check(parcel: Parcel, bo: User, *, photos: dict[str, list[int]] | None = None, **answers: Any) -> OutboundCheck:
    entry = ParcelCheck(parcel.pk, IN_ORDER | answers, photos or {})
    return checks.check_parcels([entry], actor=bo, at=NOON)[0]


def shipped(amal: User, wei: User, bo: User, lot: Lot, quantity: int = 1, **given: Any) -> Parcel:
    """Return a parcel that Bo checked and that left."""
    parcel = packed(amal, wei, lot, quantity, **given)
    check(parcel, bo)
    return parcels.ship([Step(parcel.pk)], actor=wei, at=NOON)[0]


def arrived(parcel: Parcel, lot: Lot, quantity: int = 1, **given: Any) -> ArrivedReturn:
    scan = ScannedUnit(given.pop("code", lot.product.sku), given.pop("lot_number", lot.number), quantity)
    return ArrivedReturn(parcel.pk, [scan], **given)


def back(parcel: Parcel, lot: Lot, wei: User, quantity: int = 1, **given: Any) -> ReturnParcel:
    return returns.receive_returns([arrived(parcel, lot, quantity, **given)], actor=wei, at=LATER)[0]


def unit(parcel: Parcel, lot: Lot, wei: User, **given: Any) -> ReturnUnit:
    return back(parcel, lot, wei, **given).units.get()


def inspect(unit: ReturnUnit, bo: User, *, photos: dict[str, list[int]] | None = None, **answers: Any) -> ReturnInspection:
    entry = ReturnCheck(unit.pk, AS_NEW | answers, photos or {})
    return returned.inspect_returns([entry], actor=bo, at=LATER)[0]


def decide(unit: ReturnUnit, actor: User, disposition: str, **given: Any) -> ReturnDisposition:
    return returned.dispose([Disposal(unit.pk, Disposition(disposition), **given)], actor=actor, at=LATER)[0]
