"""Examples for what failed and what is decided on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assurance.roles import Role
from tests import checks, factories, failures, goods
from tests.hostile.examples.example import Example, number, somebody

if TYPE_CHECKING:
    from collections.abc import Callable

    from assurance.accounts.models import User
    from qc.nonconformance.models import NonConformance


def failed() -> tuple[User, User, User, NonConformance]:
    """Return a merchant's owner, inspector and lead of one warehouse, and what failed there."""
    amal, wei = somebody(Role.MERCHANT_OWNER), somebody(Role.WAREHOUSE_OPERATOR)
    bo, lead = factories.user(Role.QC_INSPECTOR, wei.organisation), factories.user(Role.QC_LEAD, wei.organisation)
    return amal, bo, lead, failures.failed(amal, wei, bo, quantity=20, lot=f"F{number()}")


def show() -> Example:
    amal, _, _, row = failed()
    return Example(amal, path={"pk": row.pk})


def request() -> Example:
    amal, _, _, row = failed()
    body = {"kind": "use_as_is", "quantity": 3, "ends_date": "2027-01-31", "reason": "a scratch"}
    return Example(amal, body, path={"pk": row.pk}, status=201)


def wish() -> tuple[User, User, int]:
    amal, _, lead, row = failed()
    return amal, lead, failures.ask(row, amal, "downgrade", 3).pk


def approve() -> Example:
    _, lead, pk = wish()
    return Example(lead, {"reason": "worth it"}, path={"pk": pk})


def refuse() -> Example:
    _, lead, pk = wish()
    return Example(lead, {"reason": "not worth it"}, path={"pk": pk})


def withdraw() -> Example:
    amal, _, pk = wish()
    return Example(amal, path={"pk": pk})


def decision() -> Example:
    amal, _, pk = wish()
    return Example(amal, path={"pk": pk})


def end() -> Example:
    _, _, lead, row = failed()
    return Example(lead, {"reason": "other plans"}, path={"pk": failures.ask(row, lead, "destroy", 3).pk})


def carry_out() -> Example:
    _, bo, lead, row = failed()
    one = failures.ask(row, lead, "destroy", 3)
    body = {"quantity": 3, "witness": lead.pk, "photo": checks.picture(bo).pk, "certificate_number": "XH-1"}
    foreign = {"witness": somebody(Role.QC_LEAD).pk, "photo": checks.picture(somebody(Role.QC_LEAD)).pk}
    return Example(bo, body, path={"pk": one.pk}, foreign=foreign)


def corrective() -> tuple[User, User, User]:
    """Return a merchant's owner, and who works and who leads in one warehouse."""
    amal, wei = somebody(Role.MERCHANT_OWNER), somebody(Role.WAREHOUSE_OPERATOR)
    return amal, wei, factories.user(Role.QC_LEAD, wei.organisation)


def corrected() -> Example:
    amal, wei, _ = corrective()
    return Example(amal, path={"pk": failures.demanded(goods.enrolled(amal.organisation), wei.organisation).pk})


def submit() -> Example:
    amal, wei, _ = corrective()
    row = failures.demanded(goods.enrolled(amal.organisation), wei.organisation)
    return Example(amal, {"cause": "heat", "plan": "calibration"}, path={"pk": row.pk})


def judge() -> Example:
    amal, wei, lead = corrective()
    row = failures.submitted(goods.enrolled(amal.organisation), wei.organisation, amal)
    return Example(lead, {"reason": "seen on site"}, path={"pk": row.pk})


EXAMPLES: dict[str, Callable[[], Example]] = {
    "GET api:non-conformance-detail": show,
    "POST api:non-conformance-request": request,
    "GET api:corrective-action-detail": corrected,
    "POST api:corrective-action-submit": submit,
    "POST api:corrective-action-approve": judge,
    "POST api:corrective-action-send-back": judge,
    "GET api:disposition-detail": decision,
    "POST api:disposition-approve": approve,
    "POST api:disposition-refuse": refuse,
    "POST api:disposition-withdraw": withdraw,
    "POST api:disposition-end": end,
    "POST api:disposition-carry-out": carry_out,
}
