"""Certificates of merchants, the products they cover and prove, and what two merchants claim at once."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assurance.accounts.models import Organisation, User
from assurance.certificates.days import NOTICE_DAYS, holds
from assurance.certificates.holders import is_same
from assurance.certificates.lifecycle import CertificateState, ConflictState
from assurance.codes import document_number
from assurance.files.models import StoredFile
from assurance.products.models import Product


class Kind(models.TextChoices):
    CCC = "ccc", _("3C certificate")
    SC = "sc", _("Food production licence (SC)")
    COSMETICS_FILING = "cosmetics_filing", _("Cosmetics filing")
    BRAND_AUTHORISATION = "brand_authorisation", _("Brand authorisation")
    HEALTH_FOOD = "health_food", _("Health food registration")
    INFANT_FORMULA = "infant_formula", _("Infant formula registration")
    TEST_REPORT = "test_report", _("Test report")
    ORGANIC = "organic", _("Organic certificate")
    GREEN_FOOD = "green_food", _("Green food certificate")
    CATCH_CERTIFICATE = "catch_certificate", _("Catch certificate")
    CUSTOMS = "customs", _("Customs declaration")
    OTHER = "other", _("Other certificate")


STATE_CHOICES = [
    (CertificateState.ENTERED, pgettext_lazy("certificate", "Waiting for verification")),
    (CertificateState.VERIFIED, pgettext_lazy("certificate", "Verified")),
    (CertificateState.REJECTED, pgettext_lazy("certificate", "Rejected")),
    (CertificateState.SUSPENDED, pgettext_lazy("certificate", "Suspended")),
    (CertificateState.WITHDRAWN, pgettext_lazy("certificate", "Withdrawn")),
]
CONFLICT_CHOICES = [
    (ConflictState.OPEN, pgettext_lazy("conflict", "To be decided")),
    (ConflictState.BOTH_KEPT, pgettext_lazy("conflict", "Both kept")),
    (ConflictState.FIRST_KEPT, pgettext_lazy("conflict", "First one kept")),
    (ConflictState.SECOND_KEPT, pgettext_lazy("conflict", "Second one kept")),
    (ConflictState.NONE_KEPT, pgettext_lazy("conflict", "None kept")),
]


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: User) -> CertificateQuerySet:
        """Return the merchant's own; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(merchant_id=user.organisation_id)

    def waiting(self) -> CertificateQuerySet:
        return self.filter(state=CertificateState.ENTERED)

    def holding(self, day: date) -> CertificateQuerySet:
        """Return what is verified and covers this day."""
        begun = Q(valid_from_date=None) | Q(valid_from_date__lte=day)
        return self.filter(begun, Q(expires_date=None) | Q(expires_date__gte=day), state=CertificateState.VERIFIED)

    def contested(self) -> CertificateQuerySet:
        """Return what another merchant claims too, while nobody has decided."""
        return self.filter(Q(conflicts_as_first__state=ConflictState.OPEN) | Q(conflicts_as_second__state=ConflictState.OPEN))


class Certificate(models.Model):
    """One paper that proves something about products: number, issuer, holder, dates, and the file with its fingerprint.

    ``number`` is as it was typed, ``number_key`` as it is compared with others (``numbers.key_of``). Nothing but state and decision
    ever changes: who typed something wrong enters it again. ``holder_accepted`` says why a reviewer let another's certificate count.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind of certificate"), max_length=24, choices=Kind)
    number = models.CharField(_("certificate number"), max_length=80)
    number_key = models.CharField(max_length=80)
    issuer = models.CharField(_("issued by"), max_length=120)
    holder = models.CharField(_("holder"), max_length=120)
    model_names = models.CharField(_("models"), max_length=300, blank=True)
    issued_date = models.DateField(_("issued on"))
    valid_from_date = models.DateField(_("valid from"), null=True, blank=True)
    expires_date = models.DateField(_("valid until"), null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=16, default=CertificateState.ENTERED, choices=STATE_CHOICES)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=300, blank=True)
    holder_accepted = models.CharField(max_length=300, blank=True)

    objects: ClassVar[models.Manager[Certificate]] = CertificateQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="certificate_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=list(CertificateState)), name="certificate_state_is_known"),
            models.CheckConstraint(condition=~Q(number_key=""), name="certificate_has_a_number"),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="certificate_sha256_is_hex"),
            models.CheckConstraint(
                condition=Q(expires_date=None) | Q(expires_date__gte=F("issued_date")), name="certificate_ends_after_it_was_issued"
            ),
            models.CheckConstraint(
                condition=Q(state=CertificateState.ENTERED, decided_at=None)
                | Q(~Q(state=CertificateState.ENTERED), decided_at__isnull=False),
                name="certificate_decided_at_some_time",
            ),
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=F("entered_by")), name="certificate_not_by_who_entered_it"),
            models.UniqueConstraint(fields=["id", "merchant"], name="certificate_with_merchant"),
        )
        indexes = (
            models.Index(fields=["merchant", "-id"], name="certificate_of_merchant"),
            models.Index(fields=["kind", "number_key"], name="certificate_by_number"),
            models.Index(fields=["sha256"], name="certificate_by_file"),
            models.Index(fields=["entered_at", "id"], condition=Q(state="entered"), name="certificate_queue"),
            # what ends soon, asked every few minutes
            models.Index(fields=["expires_date"], condition=Q(state="verified"), name="certificate_by_end"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def code(self) -> str:
        return document_number("ZS", self.pk or 0)

    @property
    def is_waiting(self) -> bool:
        return self.state == CertificateState.ENTERED

    @property
    def is_proof(self) -> bool:
        """Whether somebody verified it and nobody took that back; it may be over."""
        return self.state == CertificateState.VERIFIED

    @property
    def is_own(self) -> bool:
        """Whether the holder is the merchant who shows it; its merchant is read."""
        return is_same(self.holder, self.merchant.name)

    def holds_on(self, day: date) -> bool:
        """Say whether it is verified and its dates cover this day."""
        dates = holds(valid_from=self.valid_from_date, expires=self.expires_date, day=day)
        return self.state == CertificateState.VERIFIED and dates

    def is_over(self, day: date) -> bool:
        return self.expires_date is not None and self.expires_date < day


class OfMerchantQuerySet(models.QuerySet[Any]):
    """Rows of one merchant."""

    def visible_to(self, user: User) -> OfMerchantQuerySet:
        """Return the merchant's own; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(merchant_id=user.organisation_id)


class CoveredProduct(models.Model):
    """A certificate covers this product of the same merchant. Append-only: what was verified stays what it was."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="covered")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[CoveredProduct]] = OfMerchantQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (models.UniqueConstraint(fields=["certificate", "product"], name="product_covered_once"),)

    def __str__(self) -> str:
        return f"{self.certificate_id} → {self.product_id}"


class CertificateAttachment(models.Model):
    """A product is shown with this certificate as its proof. A composite foreign key ties it to the covered list (P2.2)."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="attachments")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    attached_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()
    detached_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    detached_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[CertificateAttachment]] = OfMerchantQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["certificate", "product"], condition=Q(detached_at=None), name="certificate_attached_once"),
            models.CheckConstraint(
                condition=Q(detached_at=None, detached_by=None) | Q(detached_at__isnull=False, detached_by__isnull=False),
                name="certificate_detached_by_somebody",
            ),
        )
        indexes = (models.Index(fields=["product"], condition=Q(detached_at=None), name="certificate_of_product"),)

    def __str__(self) -> str:
        return f"{self.certificate_id} → {self.product_id}"


class CertificateConflictQuerySet(models.QuerySet["CertificateConflict"]):
    def visible_to(self, user: User) -> CertificateConflictQuerySet:
        """Return all to the platform and nothing to anybody else: each merchant would learn of the other."""
        return self if user.is_authenticated and user.is_platform else self.none()

    def open(self) -> CertificateConflictQuerySet:
        return self.filter(state=ConflictState.OPEN)


class CertificateConflict(models.Model):
    """Two merchants show one number or one file (A2.4). Until somebody decides, neither product can be badged.

    ``first`` was entered first.
    """

    first = models.ForeignKey(Certificate, models.PROTECT, related_name="conflicts_as_first")
    second = models.ForeignKey(Certificate, models.PROTECT, related_name="conflicts_as_second")
    first_merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    second_merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    is_number = models.BooleanField(_("same number"))
    is_file = models.BooleanField(_("same file"))
    state = models.CharField(_("state"), max_length=16, default=ConflictState.OPEN, choices=CONFLICT_CHOICES)
    found_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[models.Manager[CertificateConflict]] = CertificateConflictQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["first", "second"], name="conflict_once_per_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="conflict_of_two_in_order"),
            models.CheckConstraint(condition=~Q(first_merchant=F("second_merchant")), name="conflict_of_two_merchants"),
            models.CheckConstraint(condition=Q(is_number=True) | Q(is_file=True), name="conflict_about_something"),
            models.CheckConstraint(condition=Q(state__in=list(ConflictState)), name="conflict_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=ConflictState.OPEN, decided_at=None, decided_by=None, reason="")
                | Q(~Q(state=ConflictState.OPEN), ~Q(reason=""), decided_at__isnull=False, decided_by__isnull=False),
                name="conflict_decided_with_a_reason",
            ),
        )
        indexes = (models.Index(fields=["id"], condition=Q(state="open"), name="conflict_queue"),)

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return document_number("ZC", self.pk or 0)

    @property
    def is_open(self) -> bool:
        return self.state == ConflictState.OPEN


class ExpiryNotice(models.Model):
    """That people were told of a certificate's end so many days before it; once each. Append-only."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="expiry_notices")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField()

    objects: ClassVar[models.Manager[ExpiryNotice]] = OfMerchantQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["certificate", "days"], name="certificate_end_told_once"),
            models.CheckConstraint(condition=Q(days__in=NOTICE_DAYS), name="certificate_end_told_in_time"),
        )

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.days}"
