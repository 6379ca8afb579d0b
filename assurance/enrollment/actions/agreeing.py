"""The agreement: loaded as reference data, accepted once per merchant and version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation
from assurance.enrollment.agreement import SIGNED, fingerprint, is_same_name
from assurance.enrollment.models import Acceptance, Agreement
from assurance.enrollment.queries import agreement_in_force
from assurance.events.actions import News, announce, announce_each
from assurance.events.changes import first
from assurance.refusals import Refused, at_place
from assurance.roles import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User


class AgreementNotAccepted(Refused):
    code = "agreement_not_accepted"
    message = _("Accept the merchant agreement first.")


class AgreementChanged(Refused):
    code = "agreement_changed"
    message = _("There is a newer version of the agreement. Read and accept that one.")


class NotYourName(Refused):
    code = "not_your_name"
    status = 422
    message = _("Type your own name as it stands in your account.")


class NotAMerchant(Refused):
    code = "not_a_merchant"
    message = _("Only a merchant accepts this agreement.")


class AgreementRewritten(Refused):
    code = "agreement_rewritten"
    message = _("The text of agreement %(version)s was changed; a change is a new version.")


@dataclass(frozen=True)
class Signing:
    """What somebody types to accept an agreement: which one he saw, by its fingerprint, and his name."""

    sha256: str
    name: str


@transaction.atomic
def load_agreement(*, data: Mapping[str, Any], at: datetime) -> int:
    """Bring a version of the agreement into the database; return 1 if it is new.

    :raises AgreementRewritten: if this version is there with another text
    """
    sha256 = fingerprint(data)
    there = Agreement.objects.filter(version=data["version"]).first()
    if there:
        if there.sha256 != sha256:
            raise AgreementRewritten(version=there.version)
        return 0
    agreement = Agreement.objects.create(**{name: data[name] for name in SIGNED}, sha256=sha256, loaded_at=at)
    announce("enrollment.agreement.loaded", actor=None, at=at, subject=agreement, changes=first(agreement, "version", "sha256"))
    return 1


@dataclass(frozen=True)
class Accepting:
    """One merchant's acceptance: what was typed, by whom, when."""

    signing: Signing
    actor: User
    at: datetime


def accept_agreement(*, signing: Signing, actor: User, at: datetime) -> Acceptance:
    """Accept the agreement in force for the actor's organisation, with all its enrolments; a second time changes nothing.

    :raises NotAMerchant: if the actor works for nobody who could
    :raises AgreementChanged: if what was seen is not the version in force
    :raises NotYourName: unless the actor typed his own name
    """
    return accept_all([Accepting(signing, actor, at)])[0]


@transaction.atomic
def accept_all(accepted: Sequence[Accepting]) -> list[Acceptance]:
    """Accept the agreement in force for many merchants, in a handful of statements.

    :raises NotAMerchant, AgreementChanged, NotYourName: of the first that is refused; nothing is kept
    """
    agreement = agreement_in_force()
    for place, one in enumerate(accepted):
        with at_place(place):
            _check(one, agreement)
    assert agreement is not None
    merchants = [one.actor.organisation_id for one in accepted]
    list(Organisation.objects.select_for_update().filter(pk__in=merchants).order_by("pk").values_list("pk"))
    kept = {one.merchant_id: one for one in Acceptance.objects.filter(merchant_id__in=merchants, agreement=agreement)}
    fresh = {one.actor.organisation_id: one for one in accepted if one.actor.organisation_id not in kept}
    made = Acceptance.objects.bulk_create(
        Acceptance(merchant_id=merchant, agreement=agreement, sha256=agreement.sha256, accepted_by=one.actor, accepted_at=one.at)
        for merchant, one in fresh.items()
    )
    announce_each([_news(row, one) for row, one in zip(made, fresh.values(), strict=True)])
    kept |= {one.merchant_id: one for one in made}
    return [kept[merchant] for merchant in merchants]


def _check(one: Accepting, agreement: Agreement | None) -> None:
    if one.actor.organisation_kind != Kind.MERCHANT:
        raise NotAMerchant
    if agreement is None or agreement.sha256 != one.signing.sha256:
        raise AgreementChanged(field="sha256")
    if not is_same_name(one.signing.name, one.actor.name):
        raise NotYourName(field="name")


def _news(made: Acceptance, one: Accepting) -> News:
    changes = first(made, "agreement_id", "sha256", "accepted_at") | {"signed_name": [None, one.signing.name]}
    return News("enrollment.agreement.accepted", made, changes, one.at, one.actor)
