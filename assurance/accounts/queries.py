"""What pages, forms and actions ask about people and organisations."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.crypto import salted_hmac

from assurance.accounts.attempts import FAMILIAR_FOR, WINDOW, Tried
from assurance.accounts.browsers import browser_named
from assurance.accounts.lifecycle import manages
from assurance.accounts.masking import masked_email, masked_name, masked_phone
from assurance.accounts.models import ApiKey, Invitation, Organisation, Session, SignInAttempt, User
from assurance.accounts.phones import phone
from assurance.events.models import Event
from assurance.prepared import Part, Statement
from assurance.web.invalid import Invalid

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

KEY_START: Final = "wy"
REVEAL_KIND: Final = "accounts.person.revealed"
KEY: Final = Statement(
    "read_key",
    "text, timestamptz",
    (Part("k", ApiKey), Part("u", User), Part("o", Organisation)),
    """
  FROM assurance_apikey k
  JOIN assurance_user u ON u.id = k.user_id
  JOIN assurance_organisation o ON o.id = u.organisation_id
 WHERE k.prefix = $1 AND k.revoked_at IS NULL AND k.expires_at > $2
""",
)


# --- people -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Shown:
    """A person as one particular reader may see him."""

    name: str
    email: str
    phone: str
    is_masked: bool


def shown(person: User, *, to: User) -> Shown:
    """Return the person's data in clear for people of his own organisation, masked for everybody else."""
    if person.organisation_id == to.organisation_id:
        return Shown(person.name, person.email, person.phone or "", is_masked=False)
    hidden_phone = masked_phone(person.phone) if person.phone else ""
    return Shown(masked_name(person.name), masked_email(person.email), hidden_phone, is_masked=True)


def members(reader: User) -> QuerySet[User]:
    """Return the people the reader may list, with ``is_invited`` and ``has_second_factor``."""
    from allauth.mfa.models import Authenticator

    invited = Invitation.objects.filter(user=OuterRef("pk"), used_at=None, withdrawn_at=None)
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return (
        User.objects.visible_to(reader)
        .select_related("organisation")
        .annotate(is_invited=Exists(invited), has_second_factor=Exists(factor))
    )


def may_manage(actor: User, person: User) -> bool:
    """Say whether the actor may invite, change and deactivate people of this person's organisation."""
    return manages(role=actor.role, own_organisation=actor.organisation_id == person.organisation_id)


def person_called(name: str) -> User | None:
    """Return who signs in by this e-mail address or telephone number."""
    found = Q(email__iexact=name)
    with contextlib.suppress(Invalid):
        found |= Q(phone=phone(name))
    return User.objects.filter(found).order_by("pk").first()


def reveals_since(actor: User, since: datetime) -> int:
    """Count how often somebody looked behind a mask."""
    return Event.objects.filter(kind=REVEAL_KIND, actor_id=actor.pk, at__gt=since).count()


def history_of(person: User) -> QuerySet[Event]:
    return Event.objects.about(person).order_by("-id")


# --- signing in ---------------------------------------------------------------------------------------------------
def account_called(name: str, person: User | None) -> str:
    """Return under which account attempts are counted; a name that nobody has is kept as a keyed digest only."""
    if person is not None:
        return f"user:{person.pk}"
    return "name:" + salted_hmac("assurance.accounts.attempt", name.strip().lower(), algorithm="sha256").hexdigest()[:48]


def tried(account: str, place: str, *, at: datetime) -> Tried:
    """Count what failed, or is being checked, in the last quarter of an hour."""
    here, this = Q(place=place), Q(account=account)
    counted = SignInAttempt.objects.filter(here | this, at__gt=at - WINDOW, outcome__in=("checking", "failed")).aggregate(
        pair=Count("pk", filter=here & this), account=Count("pk", filter=this), place=Count("pk", filter=here)
    )
    return Tried(by_account_and_place=counted["pair"], by_account=counted["account"], by_place=counted["place"])


def is_familiar(account: str, place: str, *, at: datetime) -> bool:
    """Say whether this person has signed in from here before."""
    return SignInAttempt.objects.filter(
        account=account, place=place, outcome=SignInAttempt.Outcome.ENTERED, at__gt=at - FAMILIAR_FOR
    ).exists()


# --- sessions -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class OpenSession:
    """One browser that is signed in; ``handle`` names it without being its key."""

    handle: str
    started_at: datetime
    seen_at: datetime
    place: str
    agent: str
    is_this: bool

    @property
    def browser(self) -> str:
        """Which browser it is, for a person to know his own devices."""
        return browser_named(self.agent)


def handle_of(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()[:24]


def open_sessions(person: User, *, at: datetime, this: str | None = None) -> list[OpenSession]:
    """Return the person's open sessions, the last used first."""
    rows = Session.objects.filter(user=person, expire_date__gt=at).order_by("-seen_at", "session_key")
    return [
        OpenSession(handle_of(row.session_key), row.started_at, row.seen_at, row.place, row.agent, row.session_key == this) for row in rows
    ]


# --- keys ---------------------------------------------------------------------------------------------------------
def key_digest(secret: str) -> bytes:
    """Return what is kept of a secret: it is random and long, so a plain SHA-256 cannot be guessed back."""
    return hashlib.sha256(secret.encode()).digest()


def key_behind(credential: str, *, at: datetime) -> ApiKey | None:
    """Return the usable key of ``wy_<prefix>_<secret>`` whose person may act now; compares in constant time."""
    start, _, rest = credential.partition("_")
    prefix, _, secret = rest.partition("_")
    key = _usable_key(prefix, at)
    known = bytes(key.digest) if key else bytes(32)
    if not hmac.compare_digest(known, key_digest(secret)) or start != KEY_START or key is None:
        return None
    return key if key.user.is_active and key.user.organisation.is_active else None


def _usable_key(prefix: str, at: datetime) -> ApiKey | None:
    """Return a key that is neither withdrawn nor over, with its person and his organisation."""
    found = KEY.row(prefix, at)
    if found is None:
        return None
    key: ApiKey = found[0]["k"]
    key.user = found[0]["u"]
    key.user.organisation = found[0]["o"]
    return key


def keys_of(reader: User) -> QuerySet[ApiKey]:
    return ApiKey.objects.visible_to(reader).select_related("user", "organisation").order_by("-id")
