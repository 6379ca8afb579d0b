"""What was asked and found before a parcel left and after a unit came back, and what became of it."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.files.models import StoredFile
from assurance.gates.models import Clearance
from assurance.products.models import Product
from qc.checks.checkpoints import Checkpoint
from warehouse.orders.models import Parcel
from warehouse.stock.models import of_own_side

STAGES = [("inbound", _("Inbound")), ("outbound", _("Before sending")), ("return", _("After a return"))]
VERDICTS = [("passed", _("In order")), ("failed", _("Not in order"))]


class ChecklistQuerySet(models.QuerySet["Checklist"]):
    def visible_to(self, user: User) -> ChecklistQuerySet:
        """Return what is asked of everybody's goods, and of the user's own; warehouses and platform see all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_platform or user.organisation_kind == "warehouse":
            return self
        return self.filter(models.Q(product=None) | models.Q(product__merchant_id=user.organisation_id))


class Checklist(models.Model):
    """What is asked at one stage: of one product, of a category with everything below, or of all goods. A change is a new version.

    ``checkpoints`` is what ``Checkpoint.from_dict`` reads.
    """

    version = models.CharField(max_length=16)
    stage = models.CharField(max_length=8, choices=STAGES)
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+")
    category = models.CharField(max_length=32, blank=True)
    from_date = models.DateField()
    checkpoints = models.JSONField()

    objects: ClassVar[models.Manager[Checklist]] = ChecklistQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(condition=models.Q(stage__in=["inbound", "outbound", "return"]), name="checklist_stage_is_known"),
            models.CheckConstraint(condition=models.Q(product=None) | models.Q(category=""), name="checklist_has_one_scope"),
            models.UniqueConstraint(
                fields=["stage", "product", "category", "version"], nulls_distinct=False, name="checklist_once_per_version"
            ),
            models.UniqueConstraint(
                fields=["stage", "product", "category", "from_date"], nulls_distinct=False, name="checklist_one_in_force"
            ),
        )

    def __str__(self) -> str:
        return f"{self.stage} {self.category or self.product_id or '*'} {self.version}"

    @cached_property
    def points(self) -> tuple[Checkpoint, ...]:
        return tuple(Checkpoint.from_dict(told) for told in self.checkpoints)


class Explained(models.Model):
    """What a computed result is explained by: a sentence with its places, and what each failing point says."""

    because = models.JSONField(default=dict)

    class Meta:
        abstract = True

    @property
    def reason(self) -> str:
        """Why it is so, in the language that is active now."""
        return gettext(self.because["message"]) % self.because["params"] if self.because else ""


class OutboundCheckQuerySet(models.QuerySet["OutboundCheck"]):
    def visible_to(self, user: User) -> OutboundCheckQuerySet:
        """Return the checks of the merchant's parcels, those of the user's warehouse, or all to the platform."""
        return of_own_side(self, user)


class OutboundCheck(Explained):
    """One check of one packed parcel; the verdict is computed from the answers. Never changed: what failed is checked again.

    ``checklists`` are the ids of the lists its points came from, ``answers`` what was found by the point's code.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="+")
    attempt = models.PositiveSmallIntegerField()
    checklists = ArrayField(models.BigIntegerField())
    answers = models.JSONField()
    note = models.CharField(_("note"), max_length=200, blank=True)
    verdict = models.CharField(_("verdict"), max_length=8, choices=VERDICTS)
    inspector = models.ForeignKey(User, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    clearance = models.OneToOneField(Clearance, models.PROTECT, related_name="+")
    source = models.CharField(max_length=16, default="floor")

    objects: ClassVar[models.Manager[OutboundCheck]] = OutboundCheckQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(condition=models.Q(verdict__in=["passed", "failed"]), name="outbound_verdict_is_known"),
            models.UniqueConstraint(fields=["parcel", "attempt"], name="outbound_check_once_per_attempt"),
            # a parcel that passed is not checked again
            models.UniqueConstraint(fields=["parcel"], condition=models.Q(verdict="passed"), name="outbound_check_passes_once"),
            models.UniqueConstraint(fields=["id", "merchant", "warehouse"], name="outbound_check_with_both_sides"),
            models.CheckConstraint(condition=models.Q(attempt__gt=0), name="outbound_attempt_counts_from_one"),
        )
        indexes = (
            models.Index(fields=["warehouse", "-id"], name="outbound_check_of_warehouse"),
            models.Index(fields=["merchant", "-id"], name="outbound_check_of_merchant"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return document_number("CJ", self.pk or 0)

    @property
    def has_passed(self) -> bool:
        return self.verdict == "passed"


class DayOfChecksQuerySet(models.QuerySet["DayOfChecks"]):
    def visible_to(self, user: User) -> DayOfChecksQuerySet:
        """Return the days of the merchant's own products, or all to the platform; a warehouse sees the days, not other places' checks."""
        if not user.is_authenticated:
            return self.none()
        if user.is_platform:
            return self
        return self.filter(merchant_id=user.organisation_id)


class DayOfChecks(models.Model):
    """The Merkle tree over the outbound checks of one product on one day (Asia/Shanghai): its root stands in the evidence.

    The leaves are the ``CheckedGoods`` in the order of their ids. What comes after the day was closed makes another ``part``.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    day_date = models.DateField()
    part = models.PositiveSmallIntegerField(default=1)
    size = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    evidence_entry_id = models.BigIntegerField()
    closed_at = models.DateTimeField()

    objects: ClassVar[models.Manager[DayOfChecks]] = DayOfChecksQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.UniqueConstraint(fields=["product", "day_date", "part"], name="day_of_checks_once"),
            models.UniqueConstraint(fields=["id", "product", "merchant", "day_date"], name="day_of_checks_with_product"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="day_of_checks_holds_something"),
        )

    def __str__(self) -> str:
        return f"{self.product_id} {self.day_date}"


class CheckedGoodsQuerySet(models.QuerySet["CheckedGoods"]):
    def visible_to(self, user: User) -> CheckedGoodsQuerySet:
        """Return what was in the parcels of the checks the user sees."""
        return of_own_side(self, user)


class CheckedGoods(models.Model):
    """What one check says of one product in its parcel: a leaf of the day's tree. ``says`` is the leaf itself, in its one form."""

    check_of = models.ForeignKey(OutboundCheck, models.PROTECT, related_name="goods")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    day_date = models.DateField()
    says = models.TextField()
    day_of_checks = models.ForeignKey(DayOfChecks, models.PROTECT, null=True, blank=True, related_name="leaves")

    objects: ClassVar[models.Manager[CheckedGoods]] = CheckedGoodsQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (models.UniqueConstraint(fields=["check_of", "product"], name="checked_goods_once"),)
        indexes = (
            # closing a day asks for what stands in no tree yet
            models.Index(fields=["day_date", "product", "id"], condition=models.Q(day_of_checks=None), name="checked_goods_loose"),
        )

    def __str__(self) -> str:
        return f"{self.check_of_id}/{self.product_id}"


class CheckPhotoQuerySet(models.QuerySet["CheckPhoto"]):
    def visible_to(self, user: User) -> CheckPhotoQuerySet:
        """Return the photographs of the checks the user sees."""
        return of_own_side(self, user)


class CheckPhoto(models.Model):
    """A photograph of one point of a check."""

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    check_of = models.ForeignKey(OutboundCheck, models.PROTECT, related_name="photos")
    checkpoint = models.CharField(max_length=32)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[CheckPhoto]] = CheckPhotoQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (models.UniqueConstraint(fields=["check_of", "checkpoint", "file"], name="check_photo_once"),)

    def __str__(self) -> str:
        return f"{self.checkpoint}: {self.file_id}"
