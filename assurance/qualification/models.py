"""A merchant's papers and what they cover, the rules of entry, and his entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.files.models import StoredFile
from assurance.products.models import Product
from assurance.qualification.lifecycle import OPEN_ENTRIES, EntryState, PaperState
from assurance.qualification.numbers import BRANDED, PaperKind
from assurance.qualification.outcome import Terms, Verdict, read_terms
from assurance.qualification.term import Scope, Term, term

if TYPE_CHECKING:
    from datetime import date

KIND_CHOICES = [
    (PaperKind.BUSINESS_LICENCE, _("Business licence")),
    (PaperKind.FOOD_LICENCE, _("Food business licence")),
    (PaperKind.BRAND_AUTHORISATION, _("Brand authorisation")),
    (PaperKind.TRADEMARK, _("Trademark registration")),
]
PAPER_STATES = [
    (PaperState.ENTERED, _("Waits for review")),
    (PaperState.VERIFIED, _("Verified")),
    (PaperState.RETURNED, _("Returned")),
    (PaperState.REPLACED, _("Replaced")),
]
SCOPE_CHOICES = [
    (Scope.SHOP, _("Everything we sell")),
    (Scope.CATEGORIES, _("Some categories")),
    (Scope.PRODUCTS, _("Some products")),
]
ENTRY_STATES = [
    (EntryState.APPLIED, _("Applied")),
    (EntryState.ADMITTED, _("Admitted")),
    (EntryState.REFUSED, _("Refused")),
    (EntryState.CLEARED_OUT, _("Cleared out")),
]
VERDICTS = [(Verdict.PASS, _("Met")), (Verdict.FAIL, _("Not met")), (Verdict.UNKNOWN, _("Not known yet"))]


class PaperQuerySet(models.QuerySet["QualificationPaper"]):
    def visible_to(self, user: User) -> PaperQuerySet:
        """Return the merchant's own papers; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(merchant_id=user.organisation_id)

    def waiting(self) -> PaperQuerySet:
        return self.filter(state=PaperState.ENTERED)

    def verified(self) -> PaperQuerySet:
        return self.filter(state=PaperState.VERIFIED)


class QualificationPaper(models.Model):
    """A licence, an authorisation or a trademark of a merchant, as he entered it and as a reviewer verified it.

    Nothing of it changes after it was entered, except its state and who decided: what is wrong is entered anew. The last day counts;
    without one it has no end. ``brand``, ``granted_by`` and ``chain_level`` (1: from the owner of the brand, 2: through one dealer …)
    belong to papers about a brand. ``categories`` are codes of ``Category``; products stand in ``PaperProduct``.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind of paper"), max_length=24, choices=KIND_CHOICES)
    number = models.CharField(_("number"), max_length=40)
    issuer = models.CharField(_("issued by"), max_length=80)
    brand = models.CharField(_("brand"), max_length=60, blank=True)
    granted_by = models.CharField(_("authorised by"), max_length=80, blank=True)
    chain_level = models.PositiveSmallIntegerField(_("level in the chain"), null=True, blank=True)
    scope = models.CharField(_("covers"), max_length=12, choices=SCOPE_CHOICES, default=Scope.SHOP)
    categories = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    from_date = models.DateField(_("valid from"))
    until_date = models.DateField(_("valid until"), null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=12, choices=PAPER_STATES, default=PaperState.ENTERED)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    objections = models.JSONField(default=list)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[models.Manager[QualificationPaper]] = PaperQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=list(PaperKind)), name="paper_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=list(PaperState)), name="paper_state_is_known"),
            models.CheckConstraint(condition=Q(scope__in=list(Scope)), name="paper_scope_is_known"),
            models.CheckConstraint(condition=Q(until_date=None) | Q(until_date__gte=F("from_date")), name="paper_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="paper_sha256_is_hex"),
            models.CheckConstraint(condition=~Q(kind__in=sorted(BRANDED)) | ~Q(brand=""), name="paper_about_a_brand_names_it"),
            models.CheckConstraint(condition=Q(chain_level=None) | Q(chain_level__gte=1), name="paper_chain_counts_from_one"),
            models.CheckConstraint(
                condition=Q(state=PaperState.ENTERED, decided_by=None, decided_at=None)
                | (~Q(state=PaperState.ENTERED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="paper_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("entered_by")), name="paper_not_decided_by_who_entered_it"
            ),
            models.CheckConstraint(condition=~Q(state=PaperState.RETURNED) | ~Q(objections=[]), name="paper_returned_with_a_reason"),
            models.UniqueConstraint(fields=["merchant", "kind", "number"], condition=Q(state=PaperState.ENTERED), name="paper_waits_once"),
            models.UniqueConstraint(fields=["id", "merchant"], name="paper_with_merchant"),
        )
        indexes = (
            # the reviewer's queue, the oldest first
            models.Index(fields=["entered_at", "id"], condition=Q(state="entered"), name="paper_queue"),
            # what holds, asked with every submission and by the clock
            models.Index(fields=["merchant", "until_date"], condition=Q(state="verified"), name="paper_in_force"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return document_number("ZZ", self.pk or 0)

    @property
    def is_waiting(self) -> bool:
        return self.state == PaperState.ENTERED

    def term(self, day: date) -> Term:
        return term(self.from_date, self.until_date, day)


class PaperProductQuerySet(models.QuerySet["PaperProduct"]):
    def visible_to(self, user: User) -> PaperProductQuerySet:
        """Return what the merchant's own papers cover; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(merchant_id=user.organisation_id)


class PaperProduct(models.Model):
    """One product that a paper covers by name. Append-only; paper and product are the same merchant's (composite foreign keys)."""

    paper = models.ForeignKey(QualificationPaper, models.PROTECT, related_name="covered")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[PaperProduct]] = PaperProductQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (models.UniqueConstraint(fields=["paper", "product"], name="paper_covers_a_product_once"),)

    def __str__(self) -> str:
        return f"{self.paper_id} {self.product_id}"


class PaperWarningQuerySet(models.QuerySet["PaperWarning"]):
    def visible_to(self, user: User) -> PaperWarningQuerySet:
        """Return those of the merchant's own papers; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(merchant_id=user.organisation_id)


class PaperWarning(models.Model):
    """That a threshold before a paper's end was reached, once each. Append-only.

    ``is_told`` is false for one that was passed during an interruption: the notice of a nearer one stands for it.
    """

    paper = models.ForeignKey(QualificationPaper, models.PROTECT, related_name="warnings")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    is_told = models.BooleanField()
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[PaperWarning]] = PaperWarningQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (models.UniqueConstraint(fields=["paper", "days"], name="paper_warned_once_per_threshold"),)

    def __str__(self) -> str:
        return f"{self.paper_id} {self.days}"


class EntryRulesQuerySet(models.QuerySet["EntryRules"]):
    def visible_to(self, user: User) -> EntryRulesQuerySet:
        """Return all: what one is judged by is no secret."""
        return self if user.is_authenticated else self.none()


class EntryRules(models.Model):
    """A version of what a merchant must meet. Never changed; a change is a new version that begins later.

    ``terms`` is what ``outcome.read_terms`` reads. The first version is loaded from ``data/entry_rules``.
    """

    version = models.CharField(max_length=24, unique=True)
    from_date = models.DateField(_("in force from"), unique=True)
    terms = models.JSONField()
    because = models.CharField(max_length=200, blank=True)
    loaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    loaded_at = models.DateTimeField()

    objects: ClassVar[models.Manager[EntryRules]] = EntryRulesQuerySet.as_manager()

    class Meta:
        app_label = "assurance"

    def __str__(self) -> str:
        return self.version

    def read(self) -> Terms:
        return read_terms(self.version, self.terms)


class EntryQuerySet(models.QuerySet["ProgrammeEntry"]):
    def visible_to(self, user: User) -> EntryQuerySet:
        """Return the merchant's own entries; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(merchant_id=user.organisation_id)

    def open(self) -> EntryQuerySet:
        return self.filter(state__in=sorted(OPEN_ENTRIES))

    def waiting(self) -> EntryQuerySet:
        return self.filter(state=EntryState.APPLIED)

    def newest_of_each(self) -> EntryQuerySet:
        """Return the last entry of every merchant and, apart from it, of every product that has entries of its own."""
        by = ("merchant_id", "product_id")
        return self.order_by(*by, "-number", "-id").distinct(*by)


class ProgrammeEntry(models.Model):
    """One time that a merchant takes part; with ``product``, one time that a single product of his does.

    Begun with the first submission or by an application, admitted or refused by a reviewer, cleared out by an administrator.
    A product has entries of its own only after it was cleared out by itself. An application that was refused does not count: the next
    one has the same number. ``outcome`` is what the metrics said when it was decided
    (``EntryOutcome.numbers``), ``evidence`` what the reviewer went by. ``return_date`` is the first day of a new application; none after
    the last time.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.PositiveSmallIntegerField(_("which time"))
    state = models.CharField(_("state"), max_length=12, choices=ENTRY_STATES, default=EntryState.APPLIED)
    rules = models.ForeignKey(EntryRules, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.JSONField(default=dict)
    evidence = models.CharField(_("decided on the evidence of"), max_length=300, blank=True)
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    cleared_at = models.DateTimeField(null=True, blank=True)
    clear_reason = models.CharField(_("why it was cleared out"), max_length=300, blank=True)
    return_date = models.DateField(_("may apply again from"), null=True, blank=True)

    objects: ClassVar[models.Manager[ProgrammeEntry]] = EntryQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=list(EntryState)), name="entry_state_is_known"),
            models.CheckConstraint(condition=Q(number__gte=1), name="entry_counts_from_one"),
            models.UniqueConstraint(
                fields=["merchant", "product", "number"],
                condition=~Q(state=EntryState.REFUSED),
                nulls_distinct=False,
                name="entry_once_per_number",
            ),
            models.UniqueConstraint(
                fields=["merchant", "product"], condition=Q(state__in=sorted(OPEN_ENTRIES)), nulls_distinct=False, name="entry_open_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=EntryState.CLEARED_OUT) | (Q(cleared_at__isnull=False, cleared_by__isnull=False) & ~Q(clear_reason="")),
                name="entry_cleared_out_with_a_reason",
            ),
            models.CheckConstraint(condition=Q(state=EntryState.APPLIED) | Q(decided_at__isnull=False), name="entry_decided_at_some_time"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("applied_by")), name="entry_not_decided_by_its_applicant"
            ),
            models.UniqueConstraint(fields=["id", "merchant"], name="entry_with_merchant"),
        )
        indexes = (models.Index(fields=["applied_at", "id"], condition=Q(state="applied"), name="entry_queue"),)

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return document_number("R", self.pk or 0)

    @property
    def is_waiting(self) -> bool:
        return self.state == EntryState.APPLIED
