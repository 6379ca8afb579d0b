"""The append-only ledger: what was decided about a product, its place in the one log, signed checkpoints, measured facts.

No foreign keys: what stands here must survive every other table and be checked without them. Tenants' ids are plain numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from assurance.evidence.sources import read_body
from assurance.roles import SEES_ALL

if TYPE_CHECKING:
    from assurance.accounts.models import User

models.BinaryField.register_lookup(Length)

SOURCES = ("evidence", "event")
"""What has a place in the log: rows of ``EvidenceEntry`` and of ``Event``."""


class EvidenceEntryQuerySet(models.QuerySet["EvidenceEntry"]):
    def visible_to(self, user: User) -> EvidenceEntryQuerySet:
        """Return what was decided about the products of the user's own organisation; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.role in SEES_ALL else self.filter(organisation_id=user.organisation_id)

    def about(self, product_id: int) -> EvidenceEntryQuerySet:
        return self.filter(product_id=product_id)


class EvidenceEntry(models.Model):
    """One decision about a product. ``body`` is the exact canonical JSON that is hashed; the columns repeat it for searching.

    ``organisation_id`` is the merchant concerned. Persons' data never stand here (docs/evidence.md).
    """

    kind = models.CharField(max_length=64)
    organisation_id = models.BigIntegerField()
    product_id = models.BigIntegerField(null=True)
    lot_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    body = models.BinaryField()

    objects: ClassVar[models.Manager[EvidenceEntry]] = EvidenceEntryQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (models.CheckConstraint(condition=~Q(kind=""), name="evidence_has_a_kind"),)
        indexes = (
            # a product's timeline
            models.Index(fields=["product_id", "id"], condition=Q(product_id__isnull=False), name="evidence_of_product"),
            models.Index(fields=["lot_id", "id"], condition=Q(lot_id__isnull=False), name="evidence_of_lot"),
            # what is told of the product as a whole, however much its lots have to tell
            models.Index(
                fields=["product_id", "id"], condition=Q(product_id__isnull=False, lot_id__isnull=True), name="evidence_of_product_alone"
            ),
        )

    def __str__(self) -> str:
        return self.kind

    @property
    def says(self) -> dict[str, Any]:
        """What was recorded, as it was given to ``record``."""
        return dict(read_body(bytes(self.body))["says"])


class LogWaiting(models.Model):
    """A committed entry or event without a place yet. Triggers write it; only the sequencer takes it away.

    It commits together with its row, so what is visible here is exactly what may be numbered, however late it was committed.
    """

    source = models.CharField(max_length=8)
    source_id = models.BigIntegerField()

    class Meta:
        app_label = "assurance"
        constraints = (models.CheckConstraint(condition=Q(source__in=SOURCES), name="log_waiting_source_is_known"),)

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}"


class LogPlace(models.Model):
    """The place of one entry or event in the platform's log, and in its product's chain. ``seq`` counts from 0 without a gap.

    The hashes are those of ``assurance.evidence.chain``.
    """

    seq = models.BigIntegerField(primary_key=True)
    source = models.CharField(max_length=8)
    source_id = models.BigIntegerField()
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    product_id = models.BigIntegerField(null=True)
    product_seq = models.BigIntegerField(null=True)
    product_prev_hash = models.BinaryField(max_length=32, null=True)
    product_hash = models.BinaryField(max_length=32, null=True)

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["source", "source_id"], name="log_place_once"),
            models.UniqueConstraint(
                fields=["product_id", "product_seq"], condition=Q(product_id__isnull=False), name="log_place_once_in_chain"
            ),
            models.CheckConstraint(condition=Q(source__in=SOURCES), name="log_place_source_is_known"),
            models.CheckConstraint(condition=Q(seq__gte=0), name="log_place_counts_from_zero"),
            models.CheckConstraint(condition=Q(hash__length=32, prev_hash__length=32), name="log_place_hash_is_whole"),
            models.CheckConstraint(
                condition=Q(product_id=None, product_seq=None, product_prev_hash=None, product_hash=None)
                | Q(product_id__isnull=False, product_seq__gte=0, product_prev_hash__length=32, product_hash__length=32),
                name="log_place_chain_is_whole",
            ),
        )

    def __str__(self) -> str:
        return str(self.seq)


class LogNode(models.Model):
    """The hash of a complete subtree of the log at levels 8, 16, 24 …, so that a proof reads hundreds of rows, not all."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["level", "index"], name="log_node_once"),
            models.CheckConstraint(condition=Q(hash__length=32), name="log_node_hash_is_whole"),
        )

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class CheckpointQuerySet(models.QuerySet["Checkpoint"]):
    def visible_to(self, user: User) -> CheckpointQuerySet:  # noqa: ARG002  everybody
        """Return all: a signed head is of use only to those who may see it."""
        return self.all()


class Checkpoint(models.Model):
    """The signed head of the log at one size: ``note`` is the signed text, the columns repeat it. Numbers have no gap."""

    number = models.BigIntegerField(primary_key=True)
    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[Checkpoint]] = CheckpointQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=Q(number__gte=1, size__gte=1), name="checkpoint_covers_something"),
            models.CheckConstraint(condition=Q(root__length=32), name="checkpoint_root_is_whole"),
        )

    def __str__(self) -> str:
        return str(self.number)


class FactQuerySet(models.QuerySet["Fact"]):
    def visible_to(self, user: User) -> FactQuerySet:
        """Return everything to the platform and nothing to others: facts reach people through what uses them."""
        return self if user.is_authenticated and user.role in SEES_ALL else self.none()

    def of(self, subject_kind: str, subject_id: int) -> FactQuerySet:
        return self.filter(subject_kind=subject_kind, subject_id=subject_id)

    def latest_of_each(self) -> FactQuerySet:
        """Return the newest fact of every name and subject."""
        by = ("subject_kind", "subject_id", "name")
        return self.order_by(*by, "-as_of", "-id").distinct(*by)


class Fact(models.Model):
    """A measured number: value, from how many, as of when. A new measurement is a new row, and only if it differs."""

    name = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=48)
    subject_id = models.BigIntegerField()
    value = models.DecimalField(max_digits=20, decimal_places=6)
    unit = models.CharField(max_length=16, blank=True)
    sample_size = models.PositiveIntegerField()
    as_of = models.DateTimeField()
    recorded_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Fact]] = FactQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=~Q(name="") & ~Q(subject_kind=""), name="fact_has_a_name_and_a_subject"),
            models.CheckConstraint(condition=Q(as_of__lte=models.F("recorded_at")), name="fact_is_not_of_the_future"),
        )
        indexes = (
            # "the newest fact of each" walks this
            models.Index(fields=["subject_kind", "subject_id", "name", "-as_of", "-id"], name="fact_newest_first"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.value}"
