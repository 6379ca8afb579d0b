"""The edges of certificates and their conflicts: a row that stands before each, and the action that takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assurance.certificates import actions
from assurance.certificates.models import Certificate, CertificateConflict
from assurance.roles import Kind, Role
from tests import certificates as papers
from tests import factories, goods
from tests.experiments.races import Edge
from tests.factories import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.experiments.edges import Cast

CERTIFICATE = "assurance.certificate.state"
CONFLICT = "assurance.certificateconflict.state"


def certificate_edges(cast: Cast, again: Any) -> list[Edge]:
    product = goods.product(cast.amal.organisation)

    def entered() -> Certificate:
        return papers.entered(cast.amal, product)

    def verified() -> Certificate:
        return actions.verify(certificate_id=entered().pk, actor=cast.dana, at=NOON)

    def suspended() -> Certificate:
        return actions.suspend(certificate_id=verified().pk, reason="暂停", actor=cast.dana, at=NOON)

    def withdrawn() -> Certificate:
        return actions.withdraw(certificate_id=verified().pk, reason="撤销", actor=cast.dana, at=NOON)

    def by(step: Callable[..., object]) -> Callable[[int], object]:
        return lambda pk: step(certificate_id=pk, reason="查实", actor=again(cast.dana), at=NOON)

    return [
        Edge(CERTIFICATE, "entered", "verified", entered, by(actions.verify)),
        Edge(CERTIFICATE, "entered", "rejected", entered, by(actions.reject)),
        Edge(CERTIFICATE, "verified", "suspended", verified, by(actions.suspend)),
        Edge(CERTIFICATE, "verified", "withdrawn", verified, by(actions.withdraw)),
        Edge(CERTIFICATE, "suspended", "verified", suspended, by(actions.reinstate)),
        Edge(CERTIFICATE, "suspended", "withdrawn", suspended, by(actions.withdraw)),
        Edge(CERTIFICATE, "withdrawn", "verified", withdrawn, by(actions.reinstate)),
        *_conflict_edges(cast, again),
    ]


def _conflict_edges(cast: Cast, again: Any) -> list[Edge]:
    other = factories.user(Role.MERCHANT_OWNER, factories.organisation(Kind.MERCHANT))
    mine, theirs = goods.product(cast.amal.organisation), goods.product(other.organisation)

    def found() -> CertificateConflict:
        number = papers.number_of("test_report")
        papers.entered(cast.amal, mine, kind="test_report", number=number)
        second = papers.entered(other, theirs, kind="test_report", number=number)
        return CertificateConflict.objects.get(second=second)

    def by(keep: str) -> Callable[[int], object]:
        return lambda pk: actions.decide_conflict(conflict_id=pk, keep=keep, reason="查实", actor=again(cast.eve), at=NOON)

    return [Edge(CONFLICT, "open", f"{keep}_kept", found, by(keep)) for keep in ("both", "first", "second", "none")]
