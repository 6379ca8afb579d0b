"""Product files that merchants send in, their rows, and what was wrong with them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.imports.lifecycle import OPEN, ImportState
from assurance.roles import SEES_ALL, Kind, Permission, can
from assurance.runs.models import Run

FORMS = ("csv", "xlsx")


class ProductImportQuerySet(models.QuerySet["ProductImport"]):
    def visible_to(self, user: User) -> ProductImportQuerySet:
        """Return the merchant's own; who may not see costs sees only what he sent himself. The platform sees all."""
        if not user.is_authenticated:
            return self.none()
        if user.role in SEES_ALL:
            return self
        if user.organisation_kind != Kind.MERCHANT:
            return self.none()
        own = self.filter(merchant_id=user.organisation_id)
        return own if can(user, Permission.SEE_COST) else own.filter(created_by=user)


class ProductImport(models.Model):
    """One file of products: what its columns are, how its rows fare.

    ``columns`` are the columns as they are called in the file, ``fields`` what they hold (``imports.header``). ``twins`` names the rows
    whose SKU stands in an earlier row already.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    file_name = models.CharField(_("file name"), max_length=120)
    form = models.CharField(_("form"), max_length=4)
    sha256 = models.CharField(max_length=64)
    columns = models.JSONField()
    fields = models.JSONField()
    twins = models.JSONField(default=dict)
    remarks = models.JSONField(default=list)
    total = models.PositiveIntegerField(_("rows"))
    state = models.CharField(
        _("state"),
        max_length=12,
        default=ImportState.UPLOADED,
        choices=[
            (ImportState.UPLOADED, _("Being checked")),
            (ImportState.CHECKED, _("Checked")),
            (ImportState.IMPORTING, _("Being imported")),
            (ImportState.IMPORTED, _("Imported")),
            (ImportState.STOPPED, _("Stopped")),
        ],
    )
    created = models.PositiveIntegerField(_("new rows"), default=0)
    changed = models.PositiveIntegerField(_("changed rows"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged rows"), default=0)
    flawed = models.PositiveIntegerField(_("rows with errors"), default=0)
    run = models.ForeignKey(Run, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager[ProductImport]] = ProductImportQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["id", "merchant"], name="product_import_with_merchant"),
            models.CheckConstraint(condition=models.Q(state__in=list(ImportState)), name="product_import_state_is_known"),
            models.CheckConstraint(condition=models.Q(form__in=FORMS), name="product_import_form_is_known"),
            models.CheckConstraint(
                condition=models.Q(
                    total__gte=models.F("created") + models.F("changed") + models.F("unchanged") + models.F("flawed"),
                ),
                name="product_import_counts_within_total",
            ),
        )
        indexes = (models.Index(fields=["merchant", "-id"], name="product_import_of_merchant"),)

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def valid(self) -> int:
        """Rows that can be imported, or were."""
        return self.created + self.changed + self.unchanged


class ImportPart(models.Model):
    """Some hundred rows of a file as they were read: ``[number, [cell, …]]``, a cell that is not text as ``[kind, text]``."""

    product_import = models.ForeignKey(ProductImport, models.PROTECT, related_name="parts")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    begins_at = models.PositiveIntegerField()
    rows = models.JSONField()

    class Meta:
        app_label = "assurance"
        constraints = (models.UniqueConstraint(fields=["product_import", "begins_at"], name="import_part_once"),)

    def __str__(self) -> str:
        return f"{self.product_import_id}/{self.begins_at}"


class ImportFlawQuerySet(models.QuerySet["ImportFlaw"]):
    def visible_to(self, user: User) -> ImportFlawQuerySet:
        """Return the flaws of the files that the user sees."""
        return self.filter(product_import__in=ProductImport.objects.all().visible_to(user).values("pk"))


class ImportFlaw(models.Model):
    """One bad cell, found by one run. ``row`` counts as the spreadsheet does; without a ``column`` it is the whole row."""

    product_import = models.ForeignKey(ProductImport, models.PROTECT, related_name="flaws")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    run = models.ForeignKey(Run, models.PROTECT, related_name="+")
    row = models.PositiveIntegerField()
    place = models.PositiveSmallIntegerField()
    column = models.CharField(max_length=80)
    value = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=32)
    params = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[ImportFlaw]] = ImportFlawQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        # the page and the file ask by run, in the order of the sheet
        indexes = (models.Index(fields=["run", "row", "place"], name="import_flaw_of_run"),)

    def __str__(self) -> str:
        return f"{self.row}/{self.column} {self.code}"
