"""What customers send back: parcels, the units in them, and photographs of what nobody knows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.files.models import StoredFile
from assurance.products.models import Product
from warehouse.orders.models import Parcel, ParcelItem
from warehouse.returns.grades import Grade
from warehouse.returns.lifecycle import COUNTABLE, SETTLED, ReturnState, UnitState
from warehouse.stock.models import Lot, of_own_side

STATE_CHOICES = [
    (ReturnState.ANNOUNCED, _("Expected")),
    (ReturnState.UNIDENTIFIED, _("Unidentified")),
    (ReturnState.MATCHED, _("Matched, to be counted")),
    (ReturnState.RECEIVED, _("Waiting for inspection")),
    (ReturnState.INSPECTED, _("Inspected")),
    (ReturnState.CLOSED, _("Settled")),
    (ReturnState.CANCELLED, _("Cancelled")),
]
UNIT_CHOICES = [
    (UnitState.RECEIVED, _("Waiting for inspection")),
    (UnitState.GRADED, _("To be decided")),
    (UnitState.HELD, _("On hold")),
    (UnitState.RESTOCKED, _("Back on the shelf")),
    (UnitState.RETURNED, _("Sent back to the merchant")),
    (UnitState.DESTROYED, _("Destroyed")),
]
GRADE_CHOICES = [
    (Grade.AS_NEW, _("A – as new")),
    (Grade.OPENED, _("B – opened")),
    (Grade.DAMAGED, _("C – damaged")),
    (Grade.UNSELLABLE, _("D – unsellable")),
]
KINDS = [("expected", _("As shipped")), ("wrong_item", _("Wrong item")), ("extra", _("More than was shipped"))]
BUYER_REASONS = [
    ("", _("Not said")),
    ("changed_mind", _("Changed his mind")),
    ("damaged", _("Arrived damaged")),
    ("wrong_goods", _("Wrong goods")),
    ("quality", _("Quality")),
    ("not_as_described", _("Not as described")),
    ("undelivered", _("Not delivered")),
]
REASON_CODES = [code for code, _label in BUYER_REASONS]


class ReturnParcelQuerySet(models.QuerySet["ReturnParcel"]):
    def visible_to(self, user: User) -> ReturnParcelQuerySet:
        """Return the merchant's own returns, those of the user's warehouse, or all to the platform."""
        return of_own_side(self, user)

    def with_units(self) -> ReturnParcelQuerySet:
        """Add how many units came, and of how many nobody has decided yet."""
        counted = models.Count("units", distinct=True)
        open_ones = models.Count("units", filter=~models.Q(units__state__in=sorted(SETTLED)), distinct=True)
        return self.annotate(unit_count=counted, open_units=open_ones)


class ReturnParcel(models.Model):
    """A parcel that comes back. ``parcel`` is the one that was sent.

    Nobody knows whose an unidentified one is: it belongs to the platform until somebody matches it, and holds no unit until then,
    so nothing of it can become stock (P8.1). ``reference`` is the announcer's own key, such as a case.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    parcel = models.ForeignKey(Parcel, models.PROTECT, null=True, blank=True, related_name="returns")
    state = models.CharField(_("state"), max_length=12, choices=STATE_CHOICES)
    carrier = models.CharField(_("courier"), max_length=40, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=40, blank=True)
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    buyer_reason = models.CharField(_("the buyer's reason"), max_length=20, blank=True, choices=BUYER_REASONS)
    note = models.CharField(_("note"), max_length=200, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    announced_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    arrived_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    matched_at = models.DateTimeField(null=True, blank=True)
    matched_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[ReturnParcel]] = ReturnParcelQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=list(ReturnState)), name="return_state_is_known"),
            models.CheckConstraint(condition=models.Q(buyer_reason__in=REASON_CODES), name="return_reason_is_known"),
            models.CheckConstraint(
                condition=models.Q(state=ReturnState.UNIDENTIFIED, parcel=None, matched_at=None)
                | (~models.Q(state=ReturnState.UNIDENTIFIED) & models.Q(parcel__isnull=False)),
                name="return_is_of_a_parcel_or_unidentified",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["announced", "cancelled"], received_at=None)
                | models.Q(state__in=["unidentified", "matched"], received_at=None, arrived_at__isnull=False)
                | models.Q(
                    state__in=["received", "inspected", "closed"],
                    received_at__isnull=False,
                    received_by__isnull=False,
                    arrived_at__isnull=False,
                ),
                name="return_received_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["merchant", "reference"], condition=~models.Q(reference=""), name="return_reference_once_per_merchant"
            ),
            models.UniqueConstraint(
                fields=["warehouse", "carrier", "tracking_number"],
                condition=~models.Q(tracking_number="") & ~models.Q(state="cancelled"),
                name="return_once_per_tracking_number",
            ),
            models.UniqueConstraint(fields=["id", "merchant", "warehouse", "parcel"], name="return_with_sides_and_parcel"),
            models.UniqueConstraint(fields=["id", "warehouse"], name="return_with_warehouse"),
        )
        indexes = (
            models.Index(fields=["warehouse", "state", "-id"], name="return_of_warehouse"),
            models.Index(fields=["merchant", "-id"], name="return_of_merchant"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return document_number("TH", self.pk or 0)

    @property
    def is_countable(self) -> bool:
        return self.state in COUNTABLE

    @property
    def is_unidentified(self) -> bool:
        return self.state == ReturnState.UNIDENTIFIED


class ReturnUnitQuerySet(models.QuerySet["ReturnUnit"]):
    def visible_to(self, user: User) -> ReturnUnitQuerySet:
        """Return the units of the returns the user sees."""
        return of_own_side(self, user)

    def to_inspect(self) -> ReturnUnitQuerySet:
        return self.filter(state=UnitState.RECEIVED)

    def to_decide(self) -> ReturnUnitQuerySet:
        return self.filter(state__in=(UnitState.GRADED, UnitState.HELD))


class ReturnUnit(models.Model):
    """One unit that came back, as it was scanned.

    An expected one is the ``ordinal``-th unit of what was shipped under ``item``; it alone stands in the stock ledger. A wrong item
    was not what was shipped (P8.3); an extra one came beyond the shipped quantity, by somebody's reason (P8.4).
    """

    return_parcel = models.ForeignKey(ReturnParcel, models.PROTECT, related_name="units")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="returned_units")
    item = models.ForeignKey(ParcelItem, models.PROTECT, null=True, blank=True, related_name="returned_units")
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=12, choices=KINDS)
    ordinal = models.PositiveIntegerField(null=True, blank=True)
    scanned_code = models.CharField(_("scanned code"), max_length=80)
    scanned_lot = models.CharField(_("scanned lot"), max_length=40, blank=True)
    scanned_serial = models.CharField(_("scanned serial number"), max_length=40, blank=True)
    override_reason = models.CharField(_("why more than was shipped"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, default=UnitState.RECEIVED, choices=UNIT_CHOICES)
    grade = models.CharField(_("grade"), max_length=1, blank=True, choices=GRADE_CHOICES)
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[ReturnUnit]] = ReturnUnitQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=list(UnitState)), name="return_unit_state_is_known"),
            models.CheckConstraint(
                condition=models.Q(state="received", grade="") | (~models.Q(state="received") & models.Q(grade__in=list(Grade))),
                name="return_unit_is_graded_before_anything_else",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="expected", item__isnull=False, lot__isnull=False, ordinal__gt=0, ordinal__isnull=False)
                | models.Q(kind="wrong_item", lot=None, ordinal=None)
                | (models.Q(kind="extra", item__isnull=False, lot__isnull=False, ordinal=None) & ~models.Q(override_reason="")),
                name="return_unit_is_what_it_says",
            ),
            # P8.2: only what is as new and was ours to begin with goes back on a shelf
            models.CheckConstraint(
                condition=~models.Q(state="restocked") | models.Q(grade=Grade.AS_NEW, kind="expected"),
                name="return_unit_restocked_is_as_new",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="held") | ~models.Q(grade=Grade.UNSELLABLE), name="return_unit_held_may_be_sold"
            ),
            # P8.4, whoever counts: the trigger on top refuses an ordinal beyond the shipped quantity
            models.UniqueConstraint(fields=["item", "ordinal"], name="return_unit_once_per_shipped_unit"),
            # P8.3: each unit that carries a number comes back once; that the number was shipped is a trigger's
            models.UniqueConstraint(
                fields=["item", "scanned_serial"],
                condition=models.Q(kind="expected") & ~models.Q(scanned_serial=""),
                name="return_unit_once_per_serial",
            ),
            models.UniqueConstraint(fields=["id", "merchant", "warehouse"], name="return_unit_with_both_sides"),
        )
        indexes = (
            models.Index(
                fields=["warehouse", "id"], condition=models.Q(state__in=["received", "graded", "held"]), name="return_unit_to_do"
            ),
            # a product's return rate counts these
            models.Index(fields=["product", "kind"], name="return_unit_of_product"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number on the unit's bag."""
        return document_number("TJ", self.pk or 0)

    @property
    def is_in_ledger(self) -> bool:
        """Whether the stock ledger knows it: it left from here and came back."""
        return self.kind == "expected"

    @property
    def is_wrong_item(self) -> bool:
        return self.kind == "wrong_item"


class ReturnPhotoQuerySet(models.QuerySet["ReturnPhoto"]):
    def visible_to(self, user: User) -> ReturnPhotoQuerySet:
        """Return the photographs of the returns the user sees."""
        return self.filter(return_parcel__in=ReturnParcel.objects.visible_to(user)) if user.is_authenticated else self.none()


class ReturnPhoto(models.Model):
    """A photograph of a parcel that came back without saying whose it is."""

    return_parcel = models.ForeignKey(ReturnParcel, models.PROTECT, related_name="photos")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[ReturnPhoto]] = ReturnPhotoQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (models.UniqueConstraint(fields=["return_parcel", "file"], name="return_photo_once"),)

    def __str__(self) -> str:
        return str(self.file_id)
