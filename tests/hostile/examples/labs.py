"""Examples for rounds of draws, samples, results and accreditations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from assurance.accounts.models import User
from assurance.roles import Role
from qc.labs import actions
from qc.labs.models import LabScope, LabTest, Sample
from tests import factories, goods, labs
from tests.hostile.examples.example import Example, number, somebody


def lead() -> User:
    """Return the quality lead of a warehouse in which a lot of high risk stands released."""
    if not LabTest.objects.exists():
        labs.load_tests()
    amal, wei = somebody(Role.MERCHANT_OWNER), somebody(Role.WAREHOUSE_OPERATOR)
    goods.accepted(amal, wei, factories.user(Role.QC_INSPECTOR, wei.organisation), lot=f"H{number()}", quantity=20)
    return factories.user(Role.QC_LEAD, wei.organisation)


def laboratory() -> tuple[User, User]:
    """Return an analyst and a verifier of a laboratory that is accredited for everything."""
    analyst = somebody(Role.LAB_ANALYST)
    labs.scopes(analyst.organisation, somebody(Role.PLATFORM_ADMIN), capacity_per_week=10_000)
    return analyst, factories.user(Role.LAB_VERIFIER, analyst.organisation)


def example(user: User, sample: Sample, **body: Any) -> Example:
    return Example(user, body, path={"pk": sample.pk})


def in_house(make: Callable[..., list[Sample]], **body: Any) -> Callable[[], Example]:
    def made() -> Example:
        bea = lead()
        if make is labs.sealed:
            laboratory()
        return example(bea, make(bea)[0], **body)

    return made


def seal() -> Example:
    n = number()
    bea = lead()
    body = {"seal_number": f"F{n}", "counter_seal_number": f"B{n}", "counter_place": "R-9"}
    return example(bea, labs.drawn(bea)[0], **body)


def dispatch() -> Example:
    bea = lead()
    analyst, _ = laboratory()
    return example(bea, labs.sealed(bea)[0], lab=analyst.organisation.code)


def sent() -> tuple[User, User, User, Sample]:
    """Return lead, analyst, verifier and a sample on its way to them."""
    bea = lead()
    analyst, verifier = laboratory()
    sealed = labs.sealed(bea)[0]
    sample = actions.dispatch([actions.Dispatching(sealed.pk, analyst.organisation_id)], actor=bea, at=timezone.now())[0]
    return bea, analyst, verifier, sample


def receive() -> Example:
    _, analyst, _, sample = sent()
    return example(analyst, sample, seal_number=sample.seal_number, condition="intact", note="dry ice")


def begin() -> Example:
    _, analyst, _, sample = sent()
    actions.receive([actions.Arriving(sample.pk, sample.seal_number)], actor=analyst, at=timezone.now())
    return example(analyst, sample)


def opened() -> tuple[User, User, User, Sample]:
    bea, analyst, verifier, sample = sent()
    actions.receive([actions.Arriving(sample.pk, sample.seal_number)], actor=analyst, at=timezone.now())
    actions.begin_testing([sample.pk], actor=analyst, at=timezone.now())
    return bea, analyst, verifier, sample


def enter() -> Example:
    _, analyst, _, sample = opened()
    row = {"test": "cosmetics-lead", "reported": "0.12 mg/kg", "method": "第四章 1.3", "detection_limit": "0.005", "uncertainty": "0.010"}
    return example(analyst, sample, results=[row])


def resulted(**found: str) -> tuple[User, User, User, Sample]:
    bea, analyst, verifier, sample = opened()
    actions.enter_results(labs.findings(sample, **found), actor=analyst, at=timezone.now())
    return bea, analyst, verifier, sample


def verify() -> Example:
    _, _, verifier, sample = resulted()
    return example(verifier, sample, results=list(labs.confirming(sample).results), returned=[], reason="read twice")


def verified(**found: str) -> tuple[User, Sample]:
    bea, _, verifier, sample = resulted(**found)
    actions.verify([labs.confirming(sample)], actor=verifier, at=timezone.now())
    return bea, sample


def publish() -> Example:
    bea, sample = verified()
    return example(bea, sample)


def retest() -> Example:
    bea, sample = verified(cosmetics_lead="12 mg/kg")
    actions.publish([sample.pk], actor=bea, at=timezone.now())
    again = example(bea, sample, reason="the merchant asks for it")
    return Example(again.user, again.body, again.path, status=201)


def show() -> Example:
    bea, sample = verified()
    return example(bea, sample)


def open_round() -> Example:
    return Example(lead(), {"size": 3}, status=201)


def a_round() -> Example:
    bea = lead()
    return Example(bea, path={"pk": actions.open_round(size=1, actor=bea, at=timezone.now()).pk})


def scope() -> Example:
    lead()
    house, eve = labs.lab(), somebody(Role.PLATFORM_ADMIN)
    body = {
        "lab": house.code,
        "test": "nuts-lead",
        "mark": "CNAS",
        "accreditation": "CNAS L00001",
        "price": "80.00",
        "valid_from": "2026-01-01",
        "valid_until": "2029-12-31",
        "turnaround_days": 5,
        "capacity_per_week": 40,
    }
    return Example(eve, body, status=201)


def a_scope(**body: Any) -> Example:
    lead()
    house, eve = labs.lab(), somebody(Role.PLATFORM_ADMIN)
    labs.scopes(house, eve, ["nuts-lead"])
    return Example(eve, body, path={"pk": LabScope.objects.get(lab=house).pk})


def tie() -> Example:
    house, eve, amal = labs.lab(), somebody(Role.PLATFORM_ADMIN), somebody(Role.MERCHANT_OWNER)
    return Example(eve, {"lab": house.code, "merchant": amal.organisation.code, "because": "one owner"}, status=201)


EXAMPLES: dict[str, Callable[[], Example]] = {
    "GET api:sample-detail": show,
    "POST api:sample-draw": in_house(labs.scheduled, place="A-01"),
    "POST api:sample-seal": seal,
    "POST api:sample-dispatch": dispatch,
    "POST api:sample-void": in_house(labs.scheduled, reason="sold out"),
    "POST api:sample-receive": receive,
    "POST api:sample-begin": begin,
    "POST api:sample-enter-results": enter,
    "POST api:sample-verify": verify,
    "POST api:sample-publish": publish,
    "POST api:sample-retest": retest,
    "POST api:round-list": open_round,
    "GET api:round-detail": a_round,
    "POST api:round-draw": a_round,
    "POST api:lab-scope-list": scope,
    "GET api:lab-scope-detail": a_scope,
    "POST api:lab-scope-end": lambda: a_scope(valid_until="2026-12-31", reason="withdrawn"),
    "POST api:lab-tie-list": tie,
}
