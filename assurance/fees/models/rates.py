"""What things cost: cards of rates, each with its period."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import User
from assurance.fees.rating import Kind, Method, Price


class FeeKind(models.TextChoices):
    INBOUND_CHECK = Kind.INBOUND_CHECK, _("Inbound inspection")
    OUTBOUND_OPERATION = Kind.OUTBOUND_OPERATION, _("Picking and packing")
    FORWARD_DELIVERY = Kind.FORWARD_DELIVERY, _("Delivery")
    SERVICE = Kind.SERVICE, _("Buyer service")
    LAB_TEST = Kind.LAB_TEST, _("Laboratory test")
    RETURN_OPERATION = Kind.RETURN_OPERATION, _("Return handling")
    RETURN_CHECK = Kind.RETURN_CHECK, _("Return inspection")


class FeeMethod(models.TextChoices):
    FLAT = Method.FLAT, _("flat")
    FIRST_AND_EXTRA = Method.FIRST_AND_EXTRA, _("first item and every further one")
    PER_UNIT = Method.PER_UNIT, _("per unit")
    ZONE_WEIGHT = Method.ZONE_WEIGHT, _("by zone and weight")
    AT_COST = Method.AT_COST, _("at cost")


class RateCardQuerySet(models.QuerySet["RateCard"]):
    def visible_to(self, user: User) -> RateCardQuerySet:
        """Return all: prices are no secret to who pays or works here."""
        return self if user.is_authenticated else self.none()


class RateCard(models.Model):
    """A version of the prices, loaded from ``data/rates``. Never changed; a change is a new version that begins later."""

    version = models.CharField(max_length=24, unique=True)
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80)
    note_zh = models.CharField(max_length=200, blank=True)
    note_en = models.CharField(max_length=200, blank=True)
    is_example = models.BooleanField()
    from_date = models.DateField(unique=True)
    loaded_at = models.DateTimeField()

    objects: ClassVar[models.Manager[RateCard]] = RateCardQuerySet.as_manager()

    class Meta:
        app_label = "assurance"

    def __str__(self) -> str:
        return self.version

    @property
    def title(self) -> str:
        return self.title_en if (get_language() or "").startswith("en") else self.title_zh

    @property
    def note(self) -> str:
        return self.note_en if (get_language() or "").startswith("en") else self.note_zh


class RateQuerySet(models.QuerySet["Rate"]):
    def visible_to(self, user: User) -> RateQuerySet:
        """Return all: prices are no secret to who pays or works here."""
        return self if user.is_authenticated else self.none()


class Rate(models.Model):
    """How one kind of operation is charged from a day on, until another day (which does not belong to it) or until it is followed.

    ``terms`` are the numbers of the method, money as text (``fees.rating``). The periods of a kind never overlap (exclusion
    constraint ``rate_once_at_a_time``); only the end may be written, once, and never before what was charged by it.
    """

    card = models.ForeignKey(RateCard, models.PROTECT, related_name="rates")
    kind = models.CharField(_("fee"), max_length=24, choices=FeeKind)
    method = models.CharField(max_length=16, choices=FeeMethod)
    terms = models.JSONField(default=dict)
    from_date = models.DateField(_("from"))
    until_date = models.DateField(_("until"), null=True)

    objects: ClassVar[models.Manager[Rate]] = RateQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=FeeKind.values), name="rate_kind_is_known"),
            models.CheckConstraint(condition=models.Q(method__in=FeeMethod.values), name="rate_method_is_known"),
            models.CheckConstraint(
                condition=models.Q(until_date=None) | models.Q(until_date__gt=models.F("from_date")), name="rate_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["card", "kind"], name="rate_once_per_card"),
            models.UniqueConstraint(fields=["id", "kind"], name="rate_with_kind"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.from_date}"

    @property
    def label(self) -> str:
        """The fee, in the language that is active now."""
        return str(FeeKind(self.kind).label)

    @property
    def zones(self) -> list[dict[str, str]]:
        """The zones of a delivery rate, named in the language that is active now."""
        name = "name_en" if (get_language() or "").startswith("en") else "name_zh"
        return [zone | {"name": zone[name]} for zone in self.terms.get("zones", [])]

    def price(self) -> Price:
        """Return what the rules of rating want of it; the card must have been read with it."""
        return Price(self.pk, self.kind, self.method, self.terms, self.card.version)
