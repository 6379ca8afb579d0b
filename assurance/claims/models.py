"""Marketing claims, the evidence under each, what was found about it, and the status that was last told."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assurance.accounts.models import Organisation, User
from assurance.certificates.models import Certificate
from assurance.claims.kinds import Basis, ClaimKind, Said
from assurance.claims.measuring import Measured
from assurance.claims.status import SUPPORTED, Because, Grade, Status
from assurance.codes import document_number
from assurance.files.models import StoredFile
from assurance.products.models import Product

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

KINDS = [
    (ClaimKind.RATED_NUMBER, _("A number: power, size, content")),
    (ClaimKind.COMPOSITION, _("What it is made of")),
    (ClaimKind.ORIGIN, _("Where it comes from")),
    (ClaimKind.EFFICACY, _("What it does")),
    (ClaimKind.CERTIFICATE, _("A certificate or a mark")),
    (ClaimKind.COMPARISON, _("A comparison")),
    (ClaimKind.ABSOLUTE_WORD, _("First, best or only")),
    (ClaimKind.PRICE, _("A price or an offer")),
]
SAID_BY = [
    (Said.PACKAGE, _("On the package")),
    (Said.PAGE, _("On the product's page")),
    (Said.HOST, _("By the host")),
    (Said.VIDEO, _("In a short video")),
]
MEASURED = [
    (Measured.RATED_POWER, _("Rated power")),
    (Measured.FIBRE_CONTENT, _("Share of a fibre")),
    (Measured.FILLING_CONTENT, _("Share of the filling")),
    (Measured.NET_CONTENT, _("Net content")),
    (Measured.CAPACITY, _("Capacity")),
    (Measured.AT_LEAST, _("A value: at least")),
    (Measured.AT_MOST, _("A value: at most")),
]
BASES = [
    (Basis.STATED, _("Merchant's statement")),
    (Basis.DOCUMENT, _("Paper")),
    (Basis.CERTIFICATE, _("Certificate")),
    (Basis.LAB, _("Laboratory result")),
]
GRADES = [
    (Grade.ALLEGED, pgettext_lazy("finding", "Alleged")),
    (Grade.CONFIRMED, pgettext_lazy("finding", "Found true: the claim is false")),
    (Grade.REFUTED, pgettext_lazy("finding", "Found untrue: the claim stands")),
]
SOURCES = [
    ("regulator", _("Authority")),
    ("court", _("Court")),
    ("laboratory", _("Laboratory")),
    ("platform", _("Platform")),
    ("press", _("Press or video")),
    ("buyer", _("Buyer")),
]
STATUSES = [
    (Status.UNSUPPORTED, pgettext_lazy("claim", "Unsupported")),
    (Status.DECLARED, pgettext_lazy("claim", "Declared")),
    (Status.DOCUMENTED, pgettext_lazy("claim", "Documented")),
    (Status.LAB_VERIFIED, pgettext_lazy("claim", "Verified by a laboratory")),
    (Status.REFUTED, pgettext_lazy("claim", "Refuted")),
    (Status.EXPIRED, pgettext_lazy("claim", "Expired")),
]


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, user: User) -> ClaimQuerySet:
        """Return the merchant's own; the platform sees all. Others see claims only where they are shown with their proof."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(merchant_id=user.organisation_id)

    def standing(self) -> ClaimQuerySet:
        """Return those that are still made."""
        return self.filter(withdrawn_at=None)

    def of(self, product_ids: Collection[int]) -> ClaimQuerySet:
        return self.filter(product_id__in=product_ids)


class Claim(models.Model):
    """One thing that is said of a product to sell it. It never changes: another wording is another claim, and this one is withdrawn.

    ``measured`` names what a laboratory would measure, ``component`` of what (a fibre); with ``value`` and ``unit`` they let a published
    result meet the claim by itself.
    """

    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind of claim"), max_length=16, choices=KINDS)
    said_by = models.CharField(_("where it is said"), max_length=8, choices=SAID_BY)
    text = models.CharField(_("claim, word for word"), max_length=200)
    measured = models.CharField(_("what is measured"), max_length=16, choices=MEASURED, blank=True)
    component = models.CharField(_("of what"), max_length=20, blank=True)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=6, null=True)
    unit = models.CharField(_("unit"), max_length=12, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Claim]] = ClaimQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=list(ClaimKind)), name="claim_kind_is_known"),
            models.CheckConstraint(condition=Q(said_by__in=list(Said)), name="claim_said_somewhere"),
            models.CheckConstraint(condition=Q(measured="") | Q(measured__in=list(Measured)), name="claim_measures_something_known"),
            models.CheckConstraint(condition=~Q(text=""), name="claim_says_something"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=0), name="claim_value_is_not_negative"),
            models.CheckConstraint(condition=Q(measured="") | Q(value__isnull=False), name="claim_measured_has_a_value"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None) | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="claim_withdrawn_by_somebody",
            ),
            models.UniqueConstraint(fields=["product", "kind", "said_by", "text"], condition=Q(withdrawn_at=None), name="claim_made_once"),
            models.UniqueConstraint(fields=["id", "merchant"], name="claim_with_merchant"),
        )
        indexes = (
            # every card, sheet, badge and review asks for what is said of a product
            models.Index(fields=["product", "id"], condition=Q(withdrawn_at=None), name="claim_of_product"),
            models.Index(fields=["merchant", "-id"], name="claim_of_merchant"),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def code(self) -> str:
        return document_number("C", self.pk or 0)

    @property
    def amount(self) -> str:
        """Value and unit as people read them, ``300 W``."""
        return "" if self.value is None else f"{self.value.normalize():f} {self.unit}".strip()


class OfClaimQuerySet(models.QuerySet["ClaimEvidence | ClaimFinding"]):
    """Rows of one merchant's claims."""

    def visible_to(self, user: User) -> OfClaimQuerySet:
        """Return the merchant's own; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(merchant_id=user.organisation_id)


class ClaimEvidence(models.Model):
    """One piece of evidence under a claim. Append-only: what was attached by mistake is retracted by a row that says so.

    A laboratory's row comes from its published entry of the evidence (``evidence_entry_id``); people attach statements and papers.
    ``until_date`` is its last day.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="evidence")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    basis = models.CharField(_("kind of evidence"), max_length=12, choices=BASES, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    certificate = models.ForeignKey(Certificate, models.PROTECT, null=True, related_name="+")
    evidence_entry_id = models.BigIntegerField(null=True)
    measured_value = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    unit = models.CharField(max_length=12, blank=True)
    agrees = models.BooleanField(default=True)
    is_drawn = models.BooleanField(default=False)
    words = models.CharField(_("what it shows"), max_length=200, blank=True)
    from_date = models.DateField(_("valid from"))
    until_date = models.DateField(_("valid until"), null=True)
    retracts = models.OneToOneField("self", models.PROTECT, null=True, related_name="retraction")
    attached_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    attached_at = models.DateTimeField()

    objects: ClassVar[models.Manager[ClaimEvidence]] = OfClaimQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(
                condition=Q(basis="", retracts__isnull=False) | Q(basis__in=list(Basis), retracts=None), name="claim_evidence_is_known"
            ),
            models.CheckConstraint(
                condition=(Q(basis=Basis.LAB) & Q(evidence_entry_id__isnull=False, measured_value__isnull=False))
                | (~Q(basis=Basis.LAB) & Q(evidence_entry_id=None, measured_value=None, agrees=True, is_drawn=False)),
                name="claim_evidence_of_a_laboratory_is_published",
            ),
            models.CheckConstraint(condition=~Q(basis=Basis.DOCUMENT) | Q(file__isnull=False), name="claim_evidence_paper_is_there"),
            models.CheckConstraint(
                condition=Q(basis=Basis.CERTIFICATE, certificate__isnull=False) | (~Q(basis=Basis.CERTIFICATE) & Q(certificate=None)),
                name="claim_evidence_certificate_is_there",
            ),
            models.CheckConstraint(condition=Q(basis=Basis.LAB) | Q(attached_by__isnull=False), name="claim_evidence_attached_by_somebody"),
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("from_date")), name="claim_evidence_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["claim", "evidence_entry_id"], condition=Q(evidence_entry_id__isnull=False), name="claim_evidence_entry_once"
            ),
        )
        indexes = (models.Index(fields=["claim", "id"], name="claim_evidence_of_claim"),)

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.basis}"


class ClaimFinding(models.Model):
    """That somebody accuses a claim of being false, or decided such an accusation. Append-only; each with its source and day."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="findings")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    grade = models.CharField(_("finding"), max_length=10, choices=GRADES)
    source = models.CharField(_("source"), max_length=12, choices=SOURCES)
    words = models.CharField(_("what was found"), max_length=300)
    reference = models.CharField(_("document or address"), max_length=200, blank=True)
    found_date = models.DateField(_("found on"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager[ClaimFinding]] = OfClaimQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=Q(grade__in=list(Grade)), name="claim_finding_grade_is_known"),
            models.CheckConstraint(condition=Q(source__in=[code for code, _word in SOURCES]), name="claim_finding_has_a_source"),
            models.CheckConstraint(condition=~Q(words=""), name="claim_finding_says_something"),
        )
        indexes = (models.Index(fields=["claim", "id"], name="claim_finding_of_claim"),)

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.grade}"


class ClaimStatusQuerySet(models.QuerySet["ClaimStatus"]):
    def visible_to(self, user: User) -> ClaimStatusQuerySet:
        """Return the merchant's own; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(merchant_id=user.organisation_id)

    def shown_on(self, day: date) -> ClaimStatusQuerySet:
        """Return what is supported and surely still is on that day."""
        return self.filter(Q(until_date=None) | Q(until_date__gte=day), status__in=sorted(SUPPORTED), claim__withdrawn_at=None)

    def over(self, day: date) -> ClaimStatusQuerySet:
        """Return what time alone may have changed."""
        return self.filter(until_date__lt=day)


class ClaimStatus(models.Model):
    """The status of a claim as it was last told: so that a change is noticed and a page of cards needs one query.

    Copied from ``status.status`` by ``actions.settle``, its only writer; pages that decide something work it out again.
    """

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="told")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=12, choices=STATUSES)
    because = models.CharField(max_length=20)
    until_date = models.DateField(null=True)
    settled_at = models.DateTimeField()

    objects: ClassVar[models.Manager[ClaimStatus]] = ClaimStatusQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=Q(status__in=list(Status)), name="claim_status_is_known"),
            models.CheckConstraint(condition=Q(because__in=list(Because)), name="claim_status_has_a_reason"),
        )
        indexes = (
            models.Index(fields=["product", "claim"], condition=Q(status__in=sorted(SUPPORTED)), name="claim_shown_of_product"),
            # what time alone changes, asked every half minute
            models.Index(fields=["until_date"], condition=Q(until_date__isnull=False), name="claim_status_by_end"),
        )

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.status}"
