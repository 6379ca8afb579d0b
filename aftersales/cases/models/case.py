"""What went wrong for a buyer, what belongs to it, what was said, and by when somebody must be heard."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.cases.clock import POLICIES, STANDARD, URGENT, Deadlines, Times, deadlines
from aftersales.cases.lifecycle import JUDGED, ON_THE_DESK, PAUSED, CaseState, Kind, Liable, Side
from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.products.models import Product
from assurance.roles import Kind as OrganisationKind
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    Rows = TypeVar("Rows", bound="models.QuerySet[models.Model]")

STATE_CHOICES = [
    (CaseState.NEW, _("New")),
    (CaseState.OPEN, _("Being handled")),
    (CaseState.WAITING, _("Waiting for an answer")),
    (CaseState.PROPOSED, _("Decision proposed")),
    (CaseState.DECIDED, pgettext_lazy("case", "Decided")),
    (CaseState.REMEDIED, _("Remedied")),
    (CaseState.APPEALED, _("Appealed")),
    (CaseState.CLOSED, _("Closed")),
]
KIND_CHOICES = [
    (Kind.NOT_ARRIVED, _("Not arrived")),
    (Kind.LATE, _("Arrived late")),
    (Kind.DAMAGED, _("Damaged")),
    (Kind.WRONG_ITEM, _("Wrong item")),
    (Kind.MISSING_ITEM, _("Item missing")),
    (Kind.QUALITY, _("Quality")),
    (Kind.SAFETY, _("Safety")),
    (Kind.LAB_FAILURE, _("Laboratory test failed")),
    (Kind.RETURNS, _("Many returns")),
    (Kind.OTHER, _("Something else")),
]
ORIGIN_CHOICES = [("buyer", _("buyer")), ("merchant", _("merchant")), ("signal", _("found by a rule")), ("agent", _("case desk"))]
SIDE_CHOICES = [(Side.BUYER, _("Buyer")), (Side.MERCHANT, _("Merchant")), (Side.PLATFORM, _("Platform"))]
LIABLE_CHOICES = [
    (Liable.MERCHANT, _("Merchant")),
    (Liable.WAREHOUSE, _("Warehouse")),
    (Liable.COURIER, _("Courier")),
    (Liable.LAB, _("Laboratory")),
    (Liable.CONSUMER, _("Buyer")),
    (Liable.PLATFORM, _("Platform")),
    (Liable.NOBODY, _("Nobody")),
]
RELATION_CHOICES = [
    ("order", _("Order")),
    ("parcel", _("Parcel")),
    ("lot", _("Lot")),
    ("inspection", _("Inbound inspection")),
    ("outbound_check", _("Outbound check")),
    ("sample", _("Laboratory sample")),
    ("claim", _("Enrolment with its claims")),
    ("waybill", _("Waybill")),
    ("return", _("Return")),
    ("fee_line", _("Fee")),
]
POLICY_CHOICES = [(STANDARD, _("standard")), (URGENT, _("urgent"))]


def of_own_cases(rows: Rows, user: User) -> Rows:
    """Return the merchant's own rows, or all to the platform; nobody else sees cases."""
    if not user.is_authenticated:
        return rows.none()
    if user.is_platform:
        return rows
    return rows.filter(merchant_id=user.organisation_id) if user.organisation_kind == OrganisationKind.MERCHANT else rows.none()


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> CaseQuerySet:
        """Return the merchant's own cases, or all to the platform."""
        return of_own_cases(self, user)

    def on_the_desk(self) -> CaseQuerySet:
        """Return what somebody of the platform still has to bring forward."""
        return self.filter(state__in=ON_THE_DESK)

    def running(self) -> CaseQuerySet:
        """Return those whose clock runs."""
        return self.filter(state__in=ON_THE_DESK - PAUSED)

    def by_urgency(self) -> CaseQuerySet:
        """Order by what must happen next; those whose clock stands come last."""
        return self.order_by(F("due_at").asc(nulls_last=True), "id")


class Case(models.Model):
    """One complaint or finding about goods of one merchant, from its opening to the remedy.

    ``about_kind`` and ``about_id`` name what it is about (``warehouse.parcel`` 17); ``rule`` is the signal that opened it, or empty.
    Deadlines follow from ``times`` and the policy; while it waits, ``due_at`` is empty and the clock stands.
    ``liability`` and ``is_confirmed`` are those of the decision that stands.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(_("kind of case"), max_length=16, choices=KIND_CHOICES)
    origin = models.CharField(_("opened by"), max_length=8, choices=ORIGIN_CHOICES)
    about_kind = models.CharField(max_length=48)
    about_id = models.BigIntegerField()
    about = models.CharField(max_length=80)
    rule = models.CharField(max_length=32, blank=True)
    summary = models.CharField(max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=STATE_CHOICES, default=CaseState.NEW)
    policy = models.CharField(_("service level"), max_length=10, choices=POLICY_CHOICES, default=STANDARD)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    agent = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    waiting_for = models.CharField(_("waiting for"), max_length=10, choices=SIDE_CHOICES, blank=True)
    waiting_since = models.DateTimeField(null=True)
    paused_seconds = models.PositiveIntegerField(default=0)
    first_responded_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)
    first_response_due_at = models.DateTimeField()
    next_update_due_at = models.DateTimeField()
    resolution_due_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    liability = models.CharField(_("liability"), max_length=10, choices=LIABLE_CHOICES, blank=True)
    is_confirmed = models.BooleanField(_("confirmed"), null=True)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopened = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager[Case]] = CaseQuerySet.as_manager()

    class Meta:
        app_label = "aftersales"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=list(CaseState)), name="case_state_is_known"),
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="case_kind_is_known"),
            models.CheckConstraint(condition=Q(origin__in=["buyer", "merchant", "signal", "agent"]), name="case_origin_is_known"),
            models.CheckConstraint(condition=Q(policy__in=[STANDARD, URGENT]), name="case_policy_is_known"),
            models.CheckConstraint(condition=Q(liability__in=["", *Liable]), name="case_liability_is_known"),
            models.CheckConstraint(condition=Q(waiting_for__in=["", *Side]), name="case_waits_for_a_side"),
            # a rule opens one case for one subject, and the next one only when that is closed (A14.1)
            models.UniqueConstraint(
                fields=["rule", "about_kind", "about_id"],
                condition=~Q(rule="") & ~Q(state=CaseState.CLOSED),
                name="case_one_open_per_rule_and_subject",
            ),
            models.UniqueConstraint(fields=["id", "merchant"], name="case_with_merchant"),
            models.CheckConstraint(
                condition=Q(origin="signal") & ~Q(rule="") | ~Q(origin="signal") & Q(rule=""), name="case_of_a_signal_names_its_rule"
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.WAITING, waiting_since__isnull=False, due_at=None) & ~Q(waiting_for="")
                | ~Q(state=CaseState.WAITING) & Q(waiting_since=None, waiting_for=""),
                name="case_waits_for_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(JUDGED)) | Q(is_confirmed__isnull=False, decided_at__isnull=False) & ~Q(liability=""),
                name="case_judged_with_a_liability",
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.NEW, agent=None, claimed_at=None)
                | ~Q(state=CaseState.NEW) & Q(agent__isnull=False, claimed_at__isnull=False),
                name="case_handled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.CLOSED, closed_at__isnull=False) | ~Q(state=CaseState.CLOSED) & Q(closed_at=None),
                name="case_closed_at_a_moment",
            ),
        )
        indexes = (
            # the desk's queue: only what somebody has to bring forward, by due time
            models.Index(fields=["due_at", "id"], condition=Q(state__in=sorted(ON_THE_DESK)), name="case_queue"),
            models.Index(fields=["agent", "due_at"], condition=Q(state__in=sorted(ON_THE_DESK)), name="case_of_agent"),
            models.Index(fields=["merchant", "-id"], name="case_of_merchant"),
            # a product's case rate and a lot's other cases
            models.Index(fields=["product"], name="case_of_product"),
            models.Index(fields=["lot", "-id"], name="case_of_lot"),
            models.Index(fields=["about_kind", "about_id"], name="case_about"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return document_number("AS", self.pk or 0)

    @property
    def title(self) -> str:
        """What is wrong, and with what."""
        return f"{self.get_kind_display()} · {self.product.shown_name if self.product else self.about}"

    @property
    def is_judged(self) -> bool:
        return self.state in JUDGED

    @property
    def is_paused(self) -> bool:
        return self.state in PAUSED

    @property
    def times(self) -> Times:
        """What the clock needs to know."""
        return Times(
            opened_at=self.opened_at,
            first_responded_at=self.first_responded_at,
            updated_at=self.updated_at,
            paused=timedelta(seconds=self.paused_seconds),
        )

    def deadlines(self) -> Deadlines:
        """Work the deadlines out anew."""
        return deadlines(POLICIES[self.policy], self.times)


class CaseLinkQuerySet(models.QuerySet["CaseLink"]):
    def visible_to(self, user: User) -> CaseLinkQuerySet:
        return of_own_cases(self, user)


class CaseLink(models.Model):
    """A record that belongs to a case (P14.4): ``subject_kind`` is its table as ``app.model``. Never changed; found ones are added."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="links")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    relation = models.CharField(max_length=16, choices=RELATION_CHOICES)
    subject_kind = models.CharField(max_length=48)
    subject_id = models.BigIntegerField()
    linked_at = models.DateTimeField()

    objects: ClassVar[models.Manager[CaseLink]] = CaseLinkQuerySet.as_manager()

    class Meta:
        app_label = "aftersales"
        constraints = (
            models.UniqueConstraint(fields=["case", "subject_kind", "subject_id"], name="case_link_once"),
            models.CheckConstraint(
                condition=Q(relation__in=[value for value, _word in RELATION_CHOICES]), name="case_link_relation_is_known"
            ),
        )
        indexes = (models.Index(fields=["subject_kind", "subject_id"], name="case_link_of_subject"),)

    def __str__(self) -> str:
        return f"{self.relation} {self.subject_id}"


class CaseMessageQuerySet(models.QuerySet["CaseMessage"]):
    def visible_to(self, user: User) -> CaseMessageQuerySet:
        """Return everything to the platform; to the merchant what he wrote and what was meant for him."""
        rows = of_own_cases(self, user)
        return rows if user.is_authenticated and user.is_platform else rows.filter(to_merchant=True)

    def for_buyer(self) -> CaseMessageQuerySet:
        """Return what the buyer may read."""
        return self.filter(to_buyer=True)


class CaseMessage(models.Model):
    """Something that was said in a case, and who may read it; with neither side it is a note of the desk. Never changed.

    Telephone numbers and the like in ``body`` were hidden before it was kept (``privacy``).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="messages")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=SIDE_CHOICES)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    body = models.TextField(max_length=2000)
    to_buyer = models.BooleanField(default=False)
    to_merchant = models.BooleanField(default=False)
    written_at = models.DateTimeField()

    objects: ClassVar[models.Manager[CaseMessage]] = CaseMessageQuerySet.as_manager()

    class Meta:
        app_label = "aftersales"
        constraints = (
            models.CheckConstraint(condition=Q(side__in=list(Side)), name="case_message_side_is_known"),
            models.CheckConstraint(condition=~Q(body=""), name="case_message_says_something"),
            models.CheckConstraint(
                condition=Q(side=Side.BUYER, author=None) | ~Q(side=Side.BUYER), name="case_message_of_a_buyer_has_no_account"
            ),
        )
        indexes = (models.Index(fields=["case", "id"], name="case_message_of_case"),)

    def __str__(self) -> str:
        return f"{self.side} {self.written_at:%Y-%m-%d}"
