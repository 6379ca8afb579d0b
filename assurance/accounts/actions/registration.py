"""How people come in: a merchant registers, an invited person opens the link."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Invitation, Organisation, User
from assurance.accounts.queries import person_called
from assurance.codes import public_code
from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.refusals import Refused
from assurance.roles import Kind, Role
from assurance.web.database import explain

if TYPE_CHECKING:
    from assurance.roles import Person

INVITATION_LASTS: Final = timedelta(days=3)
CODE_LENGTH: Final = 6
PERSON_FIELDS: Final = ("name", "email", "phone", "role", "language", "is_active")

CREDIT_CODE_TAKEN: Final = _("A merchant with this code is registered already. If it is your company, ask its owner for an invitation.")
explain("organisation_credit_code_once", code="credit_code_taken", message=CREDIT_CODE_TAKEN, field="credit_code")
explain("organisation_code_once", code="already_exists", message=_("This code is in use."), field="code")
explain("user_email_once", code="already_exists", message=_("This e-mail address is in use."), field="email")
explain("assurance_user_phone_key", code="already_exists", message=_("This phone number is in use."), field="phone")


class CreditCodeTaken(Refused):
    code = "credit_code_taken"
    message = CREDIT_CODE_TAKEN


class EmailTaken(Refused):
    code = "already_exists"
    message = _("This e-mail address is in use. One address is one person here.")


class PhoneTaken(Refused):
    code = "already_exists"
    message = _("This phone number is in use.")


class LinkUsed(Refused):
    code = "link_used"
    status = 410
    message = _("This link is no longer valid. A link works once and for three days; ask for a new one.")


@transaction.atomic
def register_merchant(
    *, company: str, credit_code: str, name: str, email: str, phone: str | None, password: str, language: str, at: datetime
) -> User | None:
    """Add a merchant and its owner, who confirms his e-mail address by the link that is mailed to him.

    An address that has an account already gets a mail instead and nothing is added: the answer to whoever asked is the same.
    A telephone number that belongs to somebody else is left out, for the same reason.

    :raises CreditCodeTaken: without saying by whom
    """
    if Organisation.objects.filter(credit_code=credit_code).exists():
        raise CreditCodeTaken(field="credit_code")
    known = person_called(email)
    if known is not None:
        announce("accounts.registration.repeated", actor=None, at=at, subject=known)
        return None
    organisation = add_organisation(kind=Kind.MERCHANT, name=company, credit_code=credit_code, at=at)
    owner = add_person(
        organisation=organisation,
        role=Role.MERCHANT_OWNER,
        name=name,
        email=email,
        phone=phone if phone and person_called(phone) is None else None,
        language=language,
        at=at,
        password=password,
    )
    announce(
        "accounts.organisation.registered",
        actor=owner,
        at=at,
        subject=organisation,
        changes=first(organisation, "kind", "code", "name", "credit_code"),
    )
    invite(owner, purpose=Invitation.Purpose.CONFIRM, actor=owner, at=at)
    return owner


@transaction.atomic
def accept_invitation(*, invitation_id: int, password: str | None, at: datetime) -> User:
    """Let the person in who opened the link: once.

    :raises LinkUsed: if it was used, withdrawn, or is too old
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation_id)
    if not invitation.is_open(at):
        raise LinkUsed
    person = User.objects.select_for_update().get(pk=invitation.user_id)
    changes = change(person, is_active=True)
    if invitation.purpose == Invitation.Purpose.JOIN:
        if not password:
            raise ValueError("who joins chooses a password")
        person.set_password(password)
    person.save(update_fields=["is_active", "password"])
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    announce("accounts.person.joined", actor=person, at=at, subject=person, changes=changes, invitation_id=invitation.pk)
    return person


# --- what other actions build on ----------------------------------------------------------------------------------
def add_organisation(*, kind: Kind, name: str, at: datetime, code: str = "", credit_code: str = "") -> Organisation:
    """Add an organisation; without a code it gets one that nobody can guess another merchant's from."""
    return Organisation.objects.create(
        kind=kind,
        code=code or kind[:1].upper() + public_code(CODE_LENGTH),
        name=name,
        credit_code=credit_code,
        created_at=at,
    )


def add_person(
    *,
    organisation: Organisation,
    role: Role,
    name: str,
    email: str,
    phone: str | None,
    language: str,
    at: datetime,
    password: str | None = None,
) -> User:
    """Add a person who cannot sign in yet."""
    person = User(
        organisation=organisation,
        organisation_kind=organisation.kind,
        role=role,
        name=name,
        email=email.lower(),
        phone=phone or None,
        language=language,
        is_active=False,
        created_at=at,
    )
    person.set_password(password)
    person.save(force_insert=True)
    return person


def invite(person: User, *, purpose: Invitation.Purpose, actor: Person, at: datetime) -> Invitation:
    """Write the invitation; its mail follows as a job."""
    invitation = Invitation.objects.create(
        user=person,
        organisation_id=person.organisation_id,
        purpose=purpose,
        made_by_id=getattr(actor, "pk", None),
        made_at=at,
        expires_at=at + INVITATION_LASTS,
    )
    announce(
        "accounts.person.invited",
        actor=actor,
        at=at,
        subject=person,
        changes=first(person, *PERSON_FIELDS),
        invitation_id=invitation.pk,
    )
    return invitation
