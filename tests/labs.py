"""Samples on their way to a laboratory and back, made through the same actions as on the pages."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from assurance.reference import newest
from assurance.roles import Kind, Role
from qc.labs import actions as labs
from qc.labs.models import LabResult, LabTest, Sample, SampleTest
from tests import factories, goods
from tests.factories import NOON

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assurance.accounts.models import Organisation, User
    from warehouse.stock.models import Lot

SEED: Final = "ab" * 32
MEASURED: Final = {"Ω": "0.05", "mA": "0.20", "W": "305", "mAh": "5010", "g": "252", "%": "98.6"}
GOOD: Final = {"mg/kg": "<0.05", "CFU/g": "<10", "g/100g": "0.10", "mg/g": "0.5", "μg/kg": "<0.5", "g/kg": "ND", "": "6.2"} | MEASURED
"""What a good result of each reporting unit looks like."""
_number = itertools.count(1)


def load_tests() -> None:
    labs.load_tests(data=newest("lab_tests"), at=NOON)


def lab(**given: Any) -> Organisation:
    return factories.organisation(Kind.LAB, **given)


def scopes(house: Organisation, actor: User, codes: Sequence[str] = (), **given: Any) -> None:
    """Accredit a laboratory for these tests, for all unless named."""
    terms = {
        "mark": "CMA+CNAS",
        "accreditation": f"CNAS L{house.pk:05}",
        "valid_from": date(2015, 1, 1),
        "valid_until": date(2030, 12, 31),
        "price": Decimal("80.00"),
        "turnaround_days": 5,
        "capacity_per_week": 100,
    } | given
    wanted = codes or sorted(set(LabTest.objects.values_list("code", flat=True)))
    labs.add_scopes(items=[labs.ScopeTerms(lab_id=house.pk, test=code, **terms) for code in wanted], actor=actor, at=NOON)


def released(amal: User, wei: User, bo: User, **given: Any) -> Lot:
    """Return a lot that Bo has accepted."""
    return goods.accepted(amal, wei, bo, **given).lot


def scheduled(bea: User, size: int = 1, *, at: Any = NOON) -> list[Sample]:
    """Draw some of what is released in Bea's warehouse."""
    found = labs.open_round(size=size, actor=bea, at=at, seed=f"{next(_number):064x}")
    return labs.draw_round(round_id=found.pk, actor=bea, at=at)


def drawn(bea: User, size: int = 1, **given: Any) -> list[Sample]:
    return labs.draw([labs.Taking(one.pk) for one in scheduled(bea, size, **given)], actor=bea, at=given.get("at", NOON))


def sealed(bea: User, size: int = 1, **given: Any) -> list[Sample]:
    items = [labs.Sealing(one.pk, f"F{n:06}", f"B{n:06}", "A-01-3") for one in drawn(bea, size, **given) for n in [next(_number)]]
    return labs.seal(items, actor=bea, at=given.get("at", NOON))


def dispatched(bea: User, size: int = 1, **given: Any) -> list[Sample]:
    return labs.dispatch([labs.Dispatching(one.pk) for one in sealed(bea, size, **given)], actor=bea, at=given.get("at", NOON))


def received(samples: Sequence[Sample], analyst: User) -> list[Sample]:
    return labs.receive([labs.Arriving(one.pk, one.seal_number) for one in samples], actor=analyst, at=NOON + timedelta(days=1))


def opened(bea: User, analyst: User, size: int = 1) -> list[Sample]:
    """Return samples that the analyst has opened."""
    there = received(dispatched(bea, size), analyst)
    return labs.begin_testing([one.pk for one in there], actor=analyst, at=NOON + timedelta(days=1))


def findings(sample: Sample, **found: str) -> list[labs.Found]:
    """Return good results of all tests, or what is given by code (``nuts_lead="0.5"``)."""
    tests = [row.test for row in SampleTest.objects.filter(sample=sample).select_related("test").order_by("test__position", "id")]
    return [labs.Found(sample.pk, test.code, found.get(test.code.replace("-", "_")) or good(test)) for test in tests]


def good(test: LabTest) -> str:
    if test.limit.startswith("n="):
        return ";".join(["<10"] * 5) + test.reporting
    return GOOD[test.reporting]


def resulted(bea: User, analyst: User, size: int = 1, **found: str) -> list[Sample]:
    samples = opened(bea, analyst, size)
    labs.enter_results([one for sample in samples for one in findings(sample, **found)], actor=analyst, at=NOON + timedelta(days=2))
    return [Sample.objects.get(pk=sample.pk) for sample in samples]


def confirming(sample: Sample, **given: Any) -> labs.Confirming:
    seen = LabResult.objects.standing().filter(sample=sample).order_by("id").values_list("pk", flat=True)
    return labs.Confirming(sample.pk, tuple(seen), **given)


def verified(bea: User, analyst: User, *verifiers: User, size: int = 1, **found: str) -> list[Sample]:
    samples = resulted(bea, analyst, size, **found)
    for verifier in verifiers:
        labs.verify([confirming(one) for one in samples], actor=verifier, at=NOON + timedelta(days=3))
    return [Sample.objects.get(pk=sample.pk) for sample in samples]


def published(bea: User, analyst: User, *verifiers: User, size: int = 1, **found: str) -> list[Sample]:
    samples = verified(bea, analyst, *verifiers, size=size, **found)
    return labs.publish([one.pk for one in samples], actor=bea, at=NOON + timedelta(days=3))


def people(house: Organisation) -> tuple[User, User, User]:
    """Return an analyst and two verifiers of a laboratory."""
    return (
        factories.user(Role.LAB_ANALYST, house),
        factories.user(Role.LAB_VERIFIER, house),
        factories.user(Role.LAB_VERIFIER, house),
    )
