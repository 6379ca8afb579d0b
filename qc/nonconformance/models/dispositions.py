"""What was decided on goods that failed, and the goods that moved for it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.files.models import StoredFile
from qc.nonconformance.lifecycle import DispositionState
from qc.nonconformance.models.found import NonConformance
from qc.nonconformance.remedies import Kind
from warehouse.stock.models import Lot, StockMove, of_own_side

KINDS = [
    (Kind.SORT, _("Sort every unit, release the good ones")),
    (Kind.REWORK, _("Rework and inspect again")),
    (Kind.RELABEL, _("Relabel and inspect again")),
    (Kind.USE_AS_IS, _("Use as it is")),
    (Kind.RETURN, _("Return to the merchant")),
    (Kind.DOWNGRADE, _("Downgrade: back to the merchant as second choice")),
    (Kind.DESTROY, _("Destroy")),
]
DISPOSITION_STATES = [
    (DispositionState.REQUESTED, _("Asked for")),
    (DispositionState.APPROVED, _("To be carried out")),
    (DispositionState.REFUSED, _("Refused")),
    (DispositionState.WITHDRAWN, _("Taken back")),
    (DispositionState.DONE, _("Carried out")),
    (DispositionState.ENDED, _("Ended")),
]
CLAIMED = (DispositionState.APPROVED, DispositionState.DONE, DispositionState.ENDED)
"""What has been decided for: its units belong to it."""


class DispositionQuerySet(models.QuerySet["Disposition"]):
    def visible_to(self, user: User) -> DispositionQuerySet:
        """Return what was decided on the merchant's goods, in the user's warehouse, or everywhere for the platform."""
        return of_own_side(self, user)


class Disposition(models.Model):
    """A decision on some units of a lot that failed: asked for, approved, carried out.

    A concession (``use_as_is``) has an end, a quantity and an approver who is not who asked (P5.4); what is taken under it is counted
    in ``settled``. Of a sorting ``settled`` are the good units, ``sorted_out`` the others: these need another decision. Both are kept
    by a trigger on the moves. ``requested_by`` and ``decided_by`` are empty when the deadline decided.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    non_conformance = models.ForeignKey(NonConformance, models.PROTECT, related_name="dispositions")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    kind = models.CharField(_("what becomes of it"), max_length=20, choices=KINDS)
    quantity = models.PositiveIntegerField(_("units"))
    ends_date = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=10, default=DispositionState.REQUESTED, choices=DISPOSITION_STATES)
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=200, blank=True)
    settled = models.PositiveIntegerField(default=0, db_default=0)
    sorted_out = models.PositiveIntegerField(default=0, db_default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Disposition]] = DispositionQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=list(DispositionState)), name="decision_state_is_known"),
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="decision_kind_is_known"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="decision_covers_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
            models.CheckConstraint(condition=Q(settled__lte=F("quantity") - F("sorted_out")), name="decision_is_not_overdrawn"),
            models.CheckConstraint(condition=Q(sorted_out=0) | Q(kind=Kind.SORT), name="decision_sorts_out_by_sorting"),
            models.CheckConstraint(
                condition=Q(kind=Kind.USE_AS_IS, ends_date__isnull=False) | (~Q(kind=Kind.USE_AS_IS) & Q(ends_date=None)),
                name="concession_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.USE_AS_IS)
                | ~Q(state__in=list(CLAIMED))
                | (Q(requested_by__isnull=False, decided_by__isnull=False) & ~Q(decided_by=F("requested_by"))),
                name="concession_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "withdrawn"], decided_at=None, decided_by=None, settled=0, sorted_out=0)
                | Q(state="refused", decided_at__isnull=False, decided_by__isnull=False, settled=0, sorted_out=0)
                | Q(state__in=list(CLAIMED), decided_at__isnull=False),
                name="decision_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(settled=F("quantity") - F("sorted_out")), name="decision_done_when_used_up"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "ended", "withdrawn"], finished_at__isnull=False)
                | Q(state__in=["requested", "approved", "refused"], finished_at=None),
                name="decision_finished_at_a_moment",
            ),
            models.UniqueConstraint(fields=["id", "lot", "merchant", "warehouse", "kind"], name="decision_with_place_and_kind"),
            models.UniqueConstraint(fields=["id", "ends_date"], name="concession_with_end"),
        )
        indexes = (
            models.Index(fields=["warehouse", "id"], condition=Q(state__in=["requested", "approved"]), name="decision_to_act_on"),
            models.Index(fields=["ends_date"], condition=Q(state="approved", ends_date__isnull=False), name="concession_by_end"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return document_number("CZ", self.pk or 0)

    @property
    def left(self) -> int:
        """How many units it still covers."""
        return self.quantity - self.settled - self.sorted_out

    @property
    def is_concession(self) -> bool:
        return self.kind == Kind.USE_AS_IS


class DispositionMoveQuerySet(models.QuerySet["DispositionMove"]):
    def visible_to(self, user: User) -> DispositionMoveQuerySet:
        """Return what moved of the merchant's goods, in the user's warehouse, or everywhere for the platform."""
        return of_own_side(self, user)


class DispositionMove(models.Model):
    """A step of carrying a decision out, with the stock move it made: neither stands without the other (P5.2). Never changed.

    Destroying has a witness who is not the actor, a photograph and the certificate's number. What is taken under a concession is
    taken before its end (P5.4). ``sorted_out`` units were looked at and stay on hold.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    disposition = models.ForeignKey(Disposition, models.PROTECT, related_name="moves")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=KINDS)
    quantity = models.PositiveIntegerField()
    sorted_out = models.PositiveIntegerField(default=0)
    move = models.OneToOneField(StockMove, models.PROTECT, null=True, blank=True, related_name="+")
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    day_date = models.DateField()
    ends_date = models.DateField(null=True, blank=True)
    witness = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    certificate_number = models.CharField(max_length=60, blank=True)
    evidence_entry_id = models.BigIntegerField()

    objects: ClassVar[models.Manager[DispositionMove]] = DispositionMoveQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(
                condition=Q(quantity__gt=0, move__isnull=False) | Q(quantity=0, move=None, sorted_out__gt=0, kind=Kind.SORT),
                name="disposition_moves_goods",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.DESTROY)
                | (Q(witness__isnull=False, photo__isnull=False) & ~Q(witness=F("actor")) & ~Q(certificate_number="")),
                name="destroyed_before_a_witness",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.USE_AS_IS) | Q(ends_date__isnull=False, ends_date__gte=F("day_date")),
                name="concession_taken_before_its_end",
            ),
        )

    def __str__(self) -> str:
        return f"{self.disposition_id}: {self.quantity}"
