"""Products and categories as JSON. What a role may not see is not there, neither in answers nor in what is accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assurance.products import completeness, queries
from assurance.products.attributes import TEXT_LENGTH
from assurance.products.content import FIELDS
from assurance.products.forms import MOST_DAYS, MOST_GRAMS, MOST_MM
from assurance.products.models import Category, Product
from assurance.roles import can
from assurance.web import text
from assurance.web.serializers import (
    MoneyField,
    RateField,
    StrictChoiceField,
    StrictIntegerField,
    StrictSerializer,
    StrictTextField,
    VisibleField,
    judged,
    refuse,
)
from assurance.web.shown import ShownRow

if TYPE_CHECKING:
    from rest_framework.fields import Field

MOST_ATTRIBUTES = 40
KEY_LENGTH = 40


class Restricted:
    """Leaves out the fields that the asker's role may not see."""

    def get_fields(self) -> dict[str, Field[Any, Any, Any, Any]]:
        fields: dict[str, Field[Any, Any, Any, Any]] = super().get_fields()  # type: ignore[misc]
        request = self.context.get("request")  # type: ignore[attr-defined]
        if request is not None and request.user.is_authenticated:
            for name, permission in Product.restricted_fields.items():
                if not can(request.user, permission):
                    fields.pop(name, None)
        return fields


@extend_schema_field(
    {"type": "object", "additionalProperties": {"type": "string", "maxLength": TEXT_LENGTH}, "maxProperties": MOST_ATTRIBUTES}
)
class AttributesField(serializers.Field[dict[str, str], Any, dict[str, str], Any]):
    """What the category asks for, by key; all values are text. The action judges them by the category."""

    def to_internal_value(self, data: object) -> dict[str, str]:
        if not isinstance(data, dict):
            raise refuse("object_expected")
        if len(data) > MOST_ATTRIBUTES:
            raise refuse("too_many_items", max=MOST_ATTRIBUTES)
        return {self._key(key): self._value(value) for key, value in data.items()}

    def to_representation(self, value: dict[str, str]) -> dict[str, str]:
        return dict(value)

    def _key(self, key: str) -> str:
        return judged(text.clean, key, max_length=KEY_LENGTH)

    def _value(self, value: object) -> str:
        if not isinstance(value, str):
            raise refuse("text_expected")
        return judged(text.clean, value, max_length=TEXT_LENGTH)


class GtinField(StrictTextField):
    """GTIN-8, -12, -13 or -14 with a right check digit; or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=14, allow_blank=True, **kwargs)

    def to_internal_value(self, data: object) -> str:
        digits = super().to_internal_value(data)
        if digits and not completeness.is_gtin(digits):
            raise serializers.ValidationError(str(queries.FINDINGS["gtin_check_digit"]), "gtin_check_digit")
        return digits


class CategoryOut(ShownRow[Category]):
    parent = serializers.SlugRelatedField[Category](slug_field="code", read_only=True, allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Category
        fields = (
            "code",
            "version",
            "parent",
            "name_zh",
            "name_en",
            *FIELDS,
        )
        read_only_fields = fields


class LackOut(serializers.Serializer[queries.Lack]):
    """What is missing before an enrolment may be submitted."""

    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField(source="words")


class ProductOut(Restricted, ShownRow[Product]):
    category = serializers.SlugRelatedField[Category](slug_field="code", read_only=True)
    attributes = AttributesField(read_only=True)
    price = MoneyField(read_only=True)
    cost = MoneyField(read_only=True, allow_null=True)
    commission_rate = RateField(read_only=True, allow_null=True)
    is_locked = serializers.BooleanField(read_only=True)
    missing = serializers.SerializerMethodField()

    class Meta:
        model = Product
        fields = (
            "id",
            "version",
            "merchant",
            "sku",
            "name",
            "name_en",
            "category",
            "gtin",
            "no_gtin_reason",
            "specification",
            "attributes",
            "shelf_life_days",
            "net_weight_g",
            "gross_weight_g",
            "length_mm",
            "width_mm",
            "height_mm",
            "price",
            "cost",
            "commission_rate",
            "picture",
            "is_locked",
            "missing",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields

    @extend_schema_field(LackOut(many=True))
    def get_missing(self, product: Product) -> list[dict[str, str]]:
        # as LackOut has it; a serializer for every finding of every row would take a quarter of a list's time
        return [{"field": lack.field, "code": lack.code, "message": lack.words} for lack in queries.lacks(product)]


class ProductIn(Restricted, StrictSerializer):
    """A new product; gaps are fine until it is submitted."""

    sku = StrictTextField(max_length=40)
    name = StrictTextField(max_length=80)
    name_en = StrictTextField(max_length=120, allow_blank=True, required=False)
    category = VisibleField(Category, by="code")
    gtin = GtinField(required=False)
    no_gtin_reason = StrictTextField(max_length=120, allow_blank=True, required=False)
    specification = StrictTextField(max_length=60, allow_blank=True, required=False)
    attributes = AttributesField(required=False)
    shelf_life_days = StrictIntegerField(most=MOST_DAYS, required=False, allow_null=True)
    net_weight_g = StrictIntegerField(most=MOST_GRAMS, required=False, allow_null=True)
    gross_weight_g = StrictIntegerField(most=MOST_GRAMS, required=False, allow_null=True)
    length_mm = StrictIntegerField(most=MOST_MM, required=False, allow_null=True)
    width_mm = StrictIntegerField(most=MOST_MM, required=False, allow_null=True)
    height_mm = StrictIntegerField(most=MOST_MM, required=False, allow_null=True)
    price = MoneyField()
    cost = MoneyField(zero_ok=True, required=False, allow_null=True)
    commission_rate = RateField(required=False, allow_null=True)


class ProductChange(ProductIn):
    """The fields to change, and the version they were read at."""

    version = StrictIntegerField()
    sku = StrictTextField(max_length=40, required=False)
    name = StrictTextField(max_length=80, required=False)
    category = VisibleField(Category, by="code", required=False)
    price = MoneyField(required=False)


class ExportIn(StrictSerializer):
    """In which form, and whether columns, categories and choices are called by their codes or as people call them."""

    form = StrictChoiceField(choices=("csv", "xlsx"), required=False)
    names = StrictChoiceField(choices=("codes", "labels"), required=False)


class PictureIn(StrictSerializer):
    """A picture as multipart upload."""

    file = serializers.FileField()
