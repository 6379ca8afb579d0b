"""Who takes part: organisations, their people, and the keys of their programs."""

# ruff: noqa: ARG002  methods here have the signatures of the framework
from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from assurance.accounts.masking import masked_name
from assurance.roles import ROLES_OF, SEES_ALL, Kind, Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

KIND_LABELS = {
    Kind.MERCHANT: _("Merchant"),
    Kind.WAREHOUSE: _("Cloud warehouse"),
    Kind.LAB: _("Laboratory"),
    Kind.COURIER: _("Courier company"),
    Kind.STUDIO: _("Live studio"),
    Kind.PLATFORM: _("Platform"),
}
ROLE_LABELS = {
    Role.MERCHANT_OWNER: _("Merchant owner"),
    Role.MERCHANT_OPERATOR: _("Merchant operator"),
    Role.WAREHOUSE_OPERATOR: _("Warehouse operator"),
    Role.QC_INSPECTOR: _("QC inspector"),
    Role.QC_LEAD: _("QC lead"),
    Role.LAB_ANALYST: _("Laboratory analyst"),
    Role.LAB_VERIFIER: _("Laboratory verifier"),
    Role.COURIER_AGENT: _("Courier agent"),
    Role.STREAMER: _("Streamer"),
    Role.CASE_AGENT: _("Case agent"),
    Role.CASE_REVIEWER: _("Case reviewer"),
    Role.ENROLMENT_REVIEWER: _("Enrolment reviewer"),
    Role.FINANCE: _("Finance"),
    Role.PLATFORM_ADMIN: _("Platform administrator"),
    Role.AUDITOR: _("Auditor"),
}
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: User) -> OrganisationQuerySet:
        """Return the user's own organisation; the platform sees all; a stranger sees none."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(pk=user.organisation_id)

    def of_kind(self, kind: Kind) -> OrganisationQuerySet:
        return self.filter(kind=kind)


class Organisation(models.Model):
    """A company that takes part, of exactly one kind; a cloud warehouse is an organisation too."""

    kind = models.CharField(_("kind"), max_length=16, choices=list(KIND_LABELS.items()))
    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Organisation]] = OrganisationQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=list(Kind)), name="organisation_kind_is_known"),
            models.UniqueConstraint(fields=["credit_code"], condition=~models.Q(credit_code=""), name="organisation_credit_code_once"),
            models.UniqueConstraint(fields=["id", "kind"], name="organisation_with_kind"),
        )

    def __str__(self) -> str:
        return self.name


class OrganisationAliasQuerySet(models.QuerySet["OrganisationAlias"]):
    def visible_to(self, user: User) -> OrganisationAliasQuerySet:
        """Return the names of the user's own organisation; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(organisation_id=user.organisation_id)


class OrganisationAlias(models.Model):
    """What a marketplace calls one of our organisations, and where it says it sits. Appended when it is first met."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="aliases")
    source = models.CharField(max_length=16)
    code = models.CharField(max_length=40)
    province = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=20, blank=True)
    district = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager[OrganisationAlias]] = OrganisationAliasQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["source", "code"], name="alias_once_per_source"),
            models.CheckConstraint(condition=~models.Q(source="") & ~models.Q(code=""), name="alias_has_a_source_and_a_code"),
        )

    def __str__(self) -> str:
        return f"{self.source}:{self.code}"


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: User) -> UserQuerySet:
        """Return the members of the user's organisation; the platform administrator and the auditor see all."""
        if not user.is_authenticated:
            return self.none()
        if user.role in (Role.PLATFORM_ADMIN, Role.AUDITOR):
            return self
        return self.filter(organisation_id=user.organisation_id)


class UserManager(BaseUserManager["User"]):
    """Finds people; by the address they sign in with, regardless of case."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: User) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def acting_for(self, organisation_id: int, roles: Iterable[str]) -> UserQuerySet:
        """Return who may act for an organisation in one of these roles now, the oldest first."""
        return self.get_queryset().filter(organisation_id=organisation_id, role__in=roles, is_active=True).order_by("id")

    def holding(self, role: str) -> UserQuerySet:
        """Return who holds a role of the platform now, the oldest first."""
        return self.get_queryset().filter(role=role, is_active=True).order_by("id")

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in, for one organisation, in one role (docs/adr/0003)."""

    personal_fields: ClassVar = frozenset({"name", "email", "phone"})

    email = models.EmailField(_("e-mail"), max_length=120)
    phone = models.CharField(_("mobile phone"), max_length=16, null=True, blank=True, unique=True)
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    name = models.CharField(_("name"), max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="people")
    organisation_kind = models.CharField(max_length=16)
    role = models.CharField(_("role"), max_length=24, choices=list(ROLE_LABELS.items()))
    language = models.CharField(_("language"), max_length=8, choices=LANGUAGES, default="zh-hans")
    timezone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            # what belongs to a person and to an organisation refers to both at once
            models.UniqueConstraint(fields=["id", "organisation"], name="user_with_organisation"),
            models.CheckConstraint(condition=models.Q(role__in=list(Role)), name="user_role_is_known"),
            models.CheckConstraint(condition=models.Q(language__in=["zh-hans", "en"]), name="user_language_is_known"),
            models.CheckConstraint(
                condition=models.Q(
                    *(models.Q(organisation_kind=k, role__in=sorted(r)) for k, r in ROLES_OF.items()),
                    _connector=models.Q.OR,
                ),
                name="user_role_fits_organisation",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def name_for(self, reader: object) -> str:
        """Return the name in clear for people of the same organisation, masked for everybody else."""
        return self.name if self.organisation_id == getattr(reader, "organisation_id", None) else masked_name(self.name)

    @property
    def is_platform(self) -> bool:
        """Whether this person may see every organisation's rows."""
        return self.role in SEES_ALL

    @property
    def is_staff(self) -> bool:
        """Whether the back office opens for this person; it only ever shows."""
        return self.role in (Role.PLATFORM_ADMIN, Role.AUDITOR)

    is_superuser = False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """The back office reads; what changes goes through actions."""
        return self.is_active and self.is_staff and perm.split(".")[-1].startswith("view_")

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def visible_to(self, user: User) -> ApiKeyQuerySet:
        """Return the user's own keys; the platform administrator and the auditor see all (never the secrets)."""
        if not user.is_authenticated:
            return self.none()
        if user.role in (Role.PLATFORM_ADMIN, Role.AUDITOR):
            return self
        return self.filter(user_id=user.pk)

    def usable(self, at: datetime) -> ApiKeyQuerySet:
        return self.filter(revoked_at=None, expires_at__gt=at)


class ApiKey(models.Model):
    """A program's key: it acts as its user, only in its scopes, until it expires. Only a digest is kept."""

    user = models.ForeignKey(User, models.PROTECT, related_name="api_keys")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=24))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    objects: ClassVar[models.Manager[ApiKey]] = ApiKeyQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("created_at")), name="api_key_expires_later"),
            models.CheckConstraint(condition=~models.Q(scopes=[]), name="api_key_has_a_scope"),
        )

    def __str__(self) -> str:
        return self.name


class Session(AbstractBaseSession):
    """One browser of one person. It ends by itself: ``expire_date`` is set from the rules in ``session_age``."""

    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    place = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        app_label = "assurance"
        indexes = (
            # ending all sessions of a person must not read everybody's
            models.Index(fields=["user"], condition=models.Q(user__isnull=False), name="session_of_user"),
        )

    @classmethod
    def get_session_store_class(cls) -> type:
        from assurance.accounts.sessions import SessionStore

        return SessionStore


class Invitation(models.Model):
    """A way in that was mailed to a person who cannot sign in yet: once, for three days.

    The link carries a signed id, so nothing secret is stored. ``confirm`` proves the e-mail of a merchant who chose a
    password when registering; ``join`` lets somebody who was invited choose one.
    """

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("confirm the e-mail address")
        JOIN = "join", _("join an organisation")

    user = models.ForeignKey(User, models.PROTECT, related_name="invitations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=models.Q(purpose__in=["confirm", "join"]), name="invitation_purpose_is_known"),
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("made_at")), name="invitation_expires_later"),
            models.CheckConstraint(condition=models.Q(used_at=None) | models.Q(withdrawn_at=None), name="invitation_used_or_withdrawn"),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(used_at=None, withdrawn_at=None), name="one_open_invitation_per_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.pk}"

    def is_open(self, at: datetime) -> bool:
        return self.used_at is None and self.withdrawn_at is None and at < self.expires_at


class SignInAttempt(models.Model):
    """One password that was checked, or is being checked: what the limits count. Removed after ninety days.

    ``account`` is ``user:<id>``, or a keyed digest of a name that nobody has; ``place`` is an IPv4 address or an IPv6 /64.
    """

    class Outcome(models.TextChoices):
        CHECKING = "checking"
        FAILED = "failed"
        RIGHT = "right"
        ENTERED = "entered"

    account = models.CharField(max_length=64)
    place = models.CharField(max_length=45)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.CHECKING)
    at = models.DateTimeField()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(outcome__in=["checking", "failed", "right", "entered"]), name="attempt_outcome_is_known"
            ),
        )
        indexes = (
            # every sign-in counts the last quarter of an hour by account and by place
            models.Index(fields=["account", "-at"], name="attempt_of_account"),
            models.Index(fields=["place", "-at"], name="attempt_of_place"),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.outcome}"
