"""Examples for checks before sending and for returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assurance.roles import Role
from tests import checks, factories, orders
from tests.checks import AS_NEW, IN_ORDER
from tests.factories import NOON
from tests.hostile.examples.example import Example, number, somebody
from warehouse.returns import actions as returns

if TYPE_CHECKING:
    from collections.abc import Callable

    from assurance.accounts.models import User
    from warehouse.orders.models import Parcel
    from warehouse.stock.models import Lot


def people() -> tuple[User, User, User, Lot]:
    """Return a merchant's owner, and who packs and who inspects in one warehouse, with goods there."""
    amal, wei = somebody(Role.MERCHANT_OWNER), somebody(Role.WAREHOUSE_OPERATOR)
    bo = factories.user(Role.QC_INSPECTOR, wei.organisation)
    checks.lists()
    return amal, wei, bo, orders.stocked(amal, wei, quantity=10, lot=f"HJ{number()}")


def shipped() -> tuple[User, User, User, Lot, Parcel]:
    amal, wei, bo, lot = people()
    return amal, wei, bo, lot, checks.shipped(amal, wei, bo, lot, 2)


def foreign_parcel() -> int:
    """Return a parcel of another merchant in another warehouse."""
    amal, wei, _, lot = people()
    return checks.packed(amal, wei, lot).pk


def foreign_photo() -> int:
    return checks.picture(somebody(Role.WAREHOUSE_OPERATOR)).pk


def check() -> Example:
    amal, wei, bo, lot = people()
    parcel = checks.packed(amal, wei, lot)
    photo = checks.picture(bo)
    found = {"parcel": parcel.pk, "answers": IN_ORDER, "photos": [{"point": "label", "files": [photo.pk]}], "note": "fine"}
    foreign = {"checks.0.parcel": foreign_parcel(), "checks.0.photos.0.files": [foreign_photo()]}
    return Example(bo, {"checks": [found]}, foreign=foreign, status=201)


def checked() -> Example:
    amal, wei, bo, lot = people()
    return Example(amal, path={"pk": checks.check(checks.packed(amal, wei, lot), bo).pk})


def announce() -> Example:
    amal, _, _, _, parcel = shipped()
    body = {"parcel": parcel.pk, "tracking_number": f"SF{number():08}", "carrier": "顺丰", "reference": "case:1", "buyer_reason": "damaged"}
    return Example(amal, body, foreign={"parcel": foreign_parcel()}, status=201)


def receive() -> Example:
    _, wei, _, lot, parcel = shipped()
    units = [{"code": lot.product.gtin, "lot_number": lot.number, "quantity": 1}]
    label = {"tracking_number": f"SF{number():08}", "carrier": "顺丰"}
    body = {"parcel": parcel.pk, "units": units, "override_reason": "counted twice"} | label
    return Example(wei, body, foreign={"parcel": foreign_parcel()}, status=201)


def unidentified() -> Example:
    _, wei, _, _ = people()
    body = {"photos": [checks.picture(wei).pk], "tracking_number": f"YD{number():08}", "carrier": "韵达", "note": "no label"}
    return Example(wei, body, foreign={"photos": [foreign_photo()]}, status=201)


def match() -> Example:
    _, wei, _, _, parcel = shipped()
    row = returns.receive_unidentified(photo_ids=[checks.picture(wei).pk], actor=wei, at=NOON)
    return Example(wei, {"parcel": parcel.pk}, path={"pk": row.pk}, foreign={"parcel": foreign_parcel()})


def cancel() -> Example:
    amal, _, _, _, parcel = shipped()
    row = returns.announce_returns([returns.ExpectedReturn(parcel.pk)], actor=amal, at=NOON)[0]
    return Example(amal, {"reason": "the buyer keeps it"}, path={"pk": row.pk})


def show() -> Example:
    amal, wei, _, lot, parcel = shipped()
    return Example(amal, path={"pk": checks.back(parcel, lot, wei).pk})


def unit() -> Example:
    amal, wei, _, lot, parcel = shipped()
    return Example(amal, path={"pk": checks.unit(parcel, lot, wei).pk})


def inspect() -> Example:
    _, wei, bo, lot, parcel = shipped()
    photo = checks.picture(bo)
    body = {"answers": AS_NEW, "photos": [{"point": "seal", "files": [photo.pk]}], "note": "fine"}
    return Example(bo, body, path={"pk": checks.unit(parcel, lot, wei).pk}, foreign={"photos.0.files": [foreign_photo()]})


def dispose() -> Example:
    _, wei, bo, lot, parcel = shipped()
    graded = checks.unit(parcel, lot, wei)
    checks.inspect(graded, bo, seal=False)
    body = {"disposition": "destroy", "reason": "opened", "witness": wei.pk}
    return Example(bo, body, path={"pk": graded.pk}, foreign={"witness": somebody(Role.QC_LEAD).pk})


EXAMPLES: dict[str, Callable[[], Example]] = {
    "POST api:outbound-check-list": check,
    "POST api:check-share-list": lambda: Example(somebody(Role.QC_LEAD), {"percent": 50, "reason": "steady"}, status=201),
    "GET api:outbound-check-detail": checked,
    "GET api:outbound-check-proof": checked,
    "POST api:return-list": announce,
    "GET api:return-detail": show,
    "POST api:return-receive": receive,
    "POST api:return-unidentified": unidentified,
    "POST api:return-match": match,
    "POST api:return-cancel": cancel,
    "GET api:return-unit-detail": unit,
    "POST api:return-unit-inspect": inspect,
    "POST api:return-unit-dispose": dispose,
}
