"""Versions of categories as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from assurance.categories import queries
from assurance.products.api.serializers import LackOut
from assurance.products.content import FIELDS, LENGTHS, MOST_DAYS
from assurance.products.models import Category, CategoryVersion
from assurance.web.serializers import (
    DayField,
    StrictBooleanField,
    StrictIntegerField,
    StrictSerializer,
    StrictTextField,
    VisibleField,
)
from assurance.web.shown import ShownRow

if TYPE_CHECKING:
    from rest_framework.fields import Field


def _text(name: str, column: str, **given: Any) -> StrictTextField:
    return StrictTextField(max_length=LENGTHS[name][column], **given)


class ChoiceIn(StrictSerializer):
    value = StrictTextField(max_length=40)
    zh = StrictTextField(max_length=40)
    en = StrictTextField(max_length=80)


class AttributeIn(StrictSerializer):
    """One thing that must be stated; ``kind`` is text, number or choice, and a choice names its ``choices``."""

    key = _text("required_attributes", "key")
    kind = StrictTextField(max_length=10)
    label_zh = _text("required_attributes", "label_zh")
    label_en = _text("required_attributes", "label_en")
    unit = _text("required_attributes", "unit", required=False)
    hint_zh = _text("required_attributes", "hint_zh", required=False)
    hint_en = _text("required_attributes", "hint_en", required=False)
    choices = ChoiceIn(many=True, required=False)


class CertificateIn(StrictSerializer):
    """One paper; without a required one nobody passes from ``from_date`` on. ``class`` is how the number's product class must begin."""

    kind = _text("certificates", "kind")
    label_zh = _text("certificates", "label_zh")
    label_en = _text("certificates", "label_en")
    required = StrictBooleanField()  # type: ignore[assignment]  # the metaclass takes it off the class
    from_date = _text("certificates", "from_date", required=False)
    when_zh = _text("certificates", "when_zh", required=False)
    when_en = _text("certificates", "when_en", required=False)

    def get_fields(self) -> dict[str, Field[Any, Any, Any, Any]]:
        return super().get_fields() | {"class": _text("certificates", "class", required=False)}


class LabelItemIn(StrictSerializer):
    code = StrictTextField(max_length=40)
    zh = StrictTextField(max_length=80)
    en = StrictTextField(max_length=120)


class LabelIn(StrictSerializer):
    """One label checklist; it counts for goods made from ``made_from`` on and before ``made_until``."""

    code = _text("labels", "code")
    standard = _text("labels", "standard")
    label_zh = _text("labels", "label_zh")
    label_en = _text("labels", "label_en")
    made_from = _text("labels", "made_from", required=False)
    made_until = _text("labels", "made_until", required=False)
    items = LabelItemIn(many=True)


class LabTestIn(StrictSerializer):
    code = _text("lab_tests", "code")
    label_zh = _text("lab_tests", "label_zh")
    label_en = _text("lab_tests", "label_en")
    standard = _text("lab_tests", "standard")


class InboundIn(StrictSerializer):
    life_to = StrictIntegerField(most=MOST_DAYS, required=False)
    age = StrictTextField(max_length=9)


class NearIn(StrictSerializer):
    life_from = StrictIntegerField(most=MOST_DAYS, required=False)
    days = StrictIntegerField(most=MOST_DAYS, required=False)
    share = StrictTextField(max_length=9, required=False)
    most_days = StrictIntegerField(most=MOST_DAYS, required=False)


class ShelfLifeIn(StrictSerializer):
    """How old goods may be on arrival, and when they are near their end; an empty object is no limit."""

    code = StrictTextField(max_length=40, required=False)
    label_zh = StrictTextField(max_length=40, required=False)
    label_en = StrictTextField(max_length=80, required=False)
    inbound = InboundIn(many=True, required=False)
    gift = StrictTextField(max_length=9, required=False)
    near = NearIn(many=True, required=False)


class VersionChange(StrictSerializer):
    """What the draft shall say; what is not named stays. ``revision`` is the one that was read."""

    revision = StrictIntegerField()
    effective_from = DayField(required=False)
    note = StrictTextField(max_length=200, allow_blank=True, required=False)
    is_perishable = StrictBooleanField(required=False)
    required_attributes = AttributeIn(many=True, required=False)
    certificates = CertificateIn(many=True, required=False)
    labels = LabelIn(many=True, required=False)
    lab_tests = LabTestIn(many=True, required=False)
    shelf_life = ShelfLifeIn(required=False)
    risk_prior = StrictTextField(max_length=4, required=False)
    risk_reason_zh = StrictTextField(max_length=60, required=False)
    risk_reason_en = StrictTextField(max_length=80, required=False)
    inspection_level = StrictTextField(max_length=4, required=False)
    aql_major = StrictTextField(max_length=6, required=False)
    aql_minor = StrictTextField(max_length=6, required=False)
    lab_result_days = StrictIntegerField(least=0, most=MOST_DAYS, required=False)
    badge_days = StrictIntegerField(most=MOST_DAYS, required=False)
    badge_warning_days = StrictIntegerField(least=0, most=MOST_DAYS, required=False)


class VersionIn(VersionChange):
    """A new draft of a category; what is not named stays as it is in force."""

    revision = None  # type: ignore[assignment]
    category = VisibleField(Category, by="code")
    effective_from = DayField()


class ActivationIn(StrictSerializer):
    """The fingerprint of the list that was read (``impact``)."""

    digest = StrictTextField(max_length=64)


class VersionOut(ShownRow[CategoryVersion]):
    category = serializers.SlugRelatedField[Category](slug_field="code", read_only=True)

    class Meta:
        model = CategoryVersion
        fields = (
            "id",
            "category",
            "number",
            "label",
            "state",
            "revision",
            "effective_from",
            "effective_until",
            "note",
            "accepted_count",
            "activated_at",
            *FIELDS,
        )
        read_only_fields = fields


class HitOut(serializers.Serializer[queries.Hit]):
    """An approved product that would fail, and by what."""

    product = serializers.IntegerField(source="product.pk")
    sku = serializers.CharField(source="product.sku")
    name = serializers.CharField(source="product.name")
    merchant = serializers.CharField(source="product.merchant.name")
    findings = LackOut(source="lacks", many=True)


class ImpactOut(serializers.Serializer[queries.Impact]):
    """Everybody whom a draft would hit, with the fingerprint to accept."""

    count = serializers.IntegerField()
    digest = serializers.CharField()
    products = HitOut(source="hits", many=True)
