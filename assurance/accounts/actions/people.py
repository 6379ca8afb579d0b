"""What owners and the platform do with the people of an organisation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.accounts import lifecycle, queries
from assurance.accounts.actions.registration import (
    EmailTaken,
    PhoneTaken,
    add_organisation,
    add_person,
    invite,
)
from assurance.accounts.models import ROLE_LABELS, ApiKey, Invitation, Organisation, Session, User
from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.refusals import Refused
from assurance.roles import Kind, Permission, Role, can

if TYPE_CHECKING:
    from assurance.events.changes import Changes

REVEALS_AN_HOUR: Final = 20


class NotYours(Refused):
    code = "not_yours"
    status = 403
    message = _("Only the owner of the organisation or the platform can do this.")


class NotYourself(Refused):
    code = "not_yourself"
    status = 403
    message = _("You cannot do this to yourself. Another person must do it.")


class RoleDoesNotFit(Refused):
    code = "role_does_not_fit"
    status = 422
    message = _("An organisation of this kind has no such role.")


class LastManager(Refused):
    code = "last_manager"
    message = _("An organisation cannot be left without anybody in the role “%(role)s”. Give somebody else this role first.")


class AlreadyJoined(Refused):
    code = "already_joined"
    message = _("This person has joined already.")


class NeverJoined(Refused):
    code = "never_joined"
    message = _("This person has never signed in. Send a new invitation instead.")


class AlreadySo(Refused):
    code = "already_so"
    message = _("It is so already. Somebody else may have done it just now.")


class ReasonMissing(Refused):
    code = "required"
    status = 400
    message = _("Give a reason: it is kept with what you do.")


class TooManyReveals(Refused):
    code = "slow_down"
    status = 429
    message = _("You have looked at %(most)s persons' data in the last hour. Go on later.")


# --- coming and going ---------------------------------------------------------------------------------------------
@transaction.atomic
def create_organisation(
    *,
    kind: str,
    name: str,
    code: str,
    credit_code: str,
    person_name: str,
    email: str,
    phone: str | None,
    role: str,
    language: str,
    actor: User,
    at: datetime,
) -> Organisation:
    """Add an organisation together with its first person; only the platform does this.

    :raises NotYours, RoleDoesNotFit, EmailTaken, PhoneTaken:
    """
    if actor.role != Role.PLATFORM_ADMIN:
        raise NotYours
    organisation = add_organisation(kind=Kind(kind), name=name, code=code, credit_code=credit_code, at=at)
    announce(
        "accounts.organisation.created",
        actor=actor,
        at=at,
        subject=organisation,
        changes=first(organisation, "kind", "code", "name", "credit_code"),
    )
    invite_person(
        organisation_id=organisation.pk,
        name=person_name,
        email=email,
        phone=phone,
        role=role,
        language=language,
        actor=actor,
        at=at,
    )
    return organisation


@transaction.atomic
def invite_person(
    *, organisation_id: int, name: str, email: str, phone: str | None, role: str, language: str, actor: User, at: datetime
) -> User:
    """Add a person who chooses a password by the link that is mailed.

    :raises NotYours, RoleDoesNotFit, EmailTaken, PhoneTaken:
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    if not lifecycle.manages(role=actor.role, own_organisation=actor.organisation_id == organisation.pk):
        raise NotYours
    if not lifecycle.fits(role, organisation.kind):
        raise RoleDoesNotFit(field="role")
    if queries.person_called(email):
        raise EmailTaken(field="email")
    if phone and queries.person_called(phone):
        raise PhoneTaken(field="phone")
    person = add_person(organisation=organisation, role=Role(role), name=name, email=email, phone=phone, language=language, at=at)
    invite(person, purpose=Invitation.Purpose.JOIN, actor=actor, at=at)
    return person


@transaction.atomic
def invite_again(*, person_id: int, actor: User, at: datetime) -> Invitation:
    """Mail a new link; the old one dies.

    :raises AlreadyJoined: if there is nothing to be invited to any more
    """
    person = _managed(person_id, actor)
    last = Invitation.objects.select_for_update().filter(user=person).order_by("-id").first()
    if person.is_active or (last is not None and last.used_at):
        raise AlreadyJoined
    if last is None:  # who came in by an import was never invited
        return invite(person, purpose=Invitation.Purpose.JOIN, actor=actor, at=at)
    if last.withdrawn_at is None:
        last.withdrawn_at = at
        last.save(update_fields=["withdrawn_at"])
    return invite(person, purpose=Invitation.Purpose(last.purpose), actor=actor, at=at)


# --- changing -----------------------------------------------------------------------------------------------------
@transaction.atomic
def change_role(*, person_id: int, role: str, actor: User, at: datetime, reason: str = "") -> User:
    """Give another role of the same organisation. The person signs in anew: what was open was opened in the old role.

    :raises NotYours, NotYourself, RoleDoesNotFit, LastManager, AlreadySo:
    """
    person = _managed(person_id, actor)
    if person.pk == actor.pk:
        raise NotYourself
    if not lifecycle.fits(role, person.organisation_kind):
        raise RoleDoesNotFit(field="role")
    changes = change(person, role=role)
    if not changes:
        raise AlreadySo(field="role")
    _keep_a_manager(person, role_before=changes["role"][0])
    person.save(update_fields=["role"])
    end_sessions(person)
    announce("accounts.person.role_changed", actor=actor, at=at, subject=person, changes=changes, reason=reason)
    return person


@transaction.atomic
def deactivate(*, person_id: int, reason: str, actor: User, at: datetime) -> User:
    """Make a person nobody: sessions, keys and open invitations end in the same moment.

    :raises NotYours, NotYourself, LastManager, ReasonMissing, AlreadySo:
    """
    person = _managed(person_id, actor)
    if person.pk == actor.pk:
        raise NotYourself
    if not reason:
        raise ReasonMissing(field="reason")
    changes = change(person, is_active=False) | _withdraw_invitations(person, at)
    if not changes:
        raise AlreadySo
    if "is_active" in changes:
        _keep_a_manager(person, role_before=person.role)
    person.save(update_fields=["is_active"])
    changes |= _revoke_keys(person, at)
    end_sessions(person)
    announce("accounts.person.deactivated", actor=actor, at=at, subject=person, changes=changes, reason=reason)
    return person


@transaction.atomic
def reactivate(*, person_id: int, reason: str, actor: User, at: datetime) -> User:
    """Let a person in again, with the old password; keys stay revoked.

    :raises NotYours, NeverJoined, ReasonMissing, AlreadySo:
    """
    person = _managed(person_id, actor)
    if not reason:
        raise ReasonMissing(field="reason")
    if person.invitations.exists() and not person.invitations.filter(used_at__isnull=False).exists():
        raise NeverJoined
    changes = change(person, is_active=True)
    if not changes:
        raise AlreadySo
    person.save(update_fields=["is_active"])
    announce("accounts.person.reactivated", actor=actor, at=at, subject=person, changes=changes, reason=reason)
    return person


@transaction.atomic
def remove_second_factor(*, person_id: int, reason: str, actor: User, at: datetime) -> None:
    """Take away the second factor of a person who has lost the device; he sets up a new one after signing in.

    :raises NotYours, NotYourself, ReasonMissing, AlreadySo:
    """
    from allauth.mfa.models import Authenticator

    person = _managed(person_id, actor)
    if actor.role != Role.PLATFORM_ADMIN:
        raise NotYours
    if person.pk == actor.pk:
        raise NotYourself
    if not reason:
        raise ReasonMissing(field="reason")
    kinds = sorted(Authenticator.objects.select_for_update().filter(user=person).values_list("type", flat=True))
    if not kinds:
        raise AlreadySo
    Authenticator.objects.filter(user=person).delete()
    end_sessions(person)
    changes: Changes = {"second_factor": [kinds, []]}
    announce("accounts.second_factor.removed", actor=actor, at=at, subject=person, changes=changes, reason=reason)


# --- looking behind the mask --------------------------------------------------------------------------------------
@transaction.atomic
def reveal_person(*, person_id: int, reason: str, actor: User, at: datetime) -> User:
    """Return a person in clear, and write down who looked and why.

    :raises NotYours, ReasonMissing, TooManyReveals:
    """
    if not can(actor, Permission.REVEAL_PERSON):
        raise NotYours
    if not reason:
        raise ReasonMissing(field="reason")
    User.objects.select_for_update().get(pk=actor.pk)  # two requests at once must not both be the twentieth
    if queries.reveals_since(actor, at - timedelta(hours=1)) >= REVEALS_AN_HOUR:
        raise TooManyReveals(most=REVEALS_AN_HOUR)
    person = User.objects.visible_to(actor).get(pk=person_id)
    announce(queries.REVEAL_KIND, actor=actor, at=at, subject=person, reason=reason)
    return person


# --- what these share ---------------------------------------------------------------------------------------------
def end_sessions(person: User, *, keep: str | None = None) -> int:
    """Sign the person out everywhere, except in the session ``keep``; return how many ended."""
    return Session.objects.filter(user=person).exclude(session_key=keep).delete()[0]


def _managed(person_id: int, actor: User) -> User:
    """Lock the organisation, then the person: two managers at once wait for each other, always in this order."""
    person = User.objects.get(pk=person_id)
    Organisation.objects.select_for_update().get(pk=person.organisation_id)
    person = User.objects.select_for_update().get(pk=person_id)
    if not queries.may_manage(actor, person):
        raise NotYours
    return person


def _keep_a_manager(person: User, *, role_before: str) -> None:
    """:raises LastManager:"""
    others = User.objects.filter(organisation_id=person.organisation_id, role=role_before, is_active=True)
    count = others.exclude(pk=person.pk).count()
    if lifecycle.is_last_manager(kind=person.organisation_kind, role=role_before, other_managers=count):
        raise LastManager(role=ROLE_LABELS[Role(role_before)])


def _withdraw_invitations(person: User, at: datetime) -> Changes:
    withdrawn = Invitation.objects.filter(user=person, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    return {"invitations_withdrawn": [None, withdrawn]} if withdrawn else {}


def _revoke_keys(person: User, at: datetime) -> Changes:
    revoked = ApiKey.objects.filter(user=person, revoked_at=None).update(revoked_at=at)
    return {"keys_revoked": [None, revoked]} if revoked else {}
