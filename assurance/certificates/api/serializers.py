"""Certificates as JSON."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assurance.certificates.actions import KEPT
from assurance.certificates.models import Certificate, CertificateConflict, Kind
from assurance.certificates.numbers import read
from assurance.certificates.queries import day_of
from assurance.files.models import StoredFile
from assurance.products.models import Product
from assurance.web.serializers import (
    DayField,
    StrictChoiceField,
    StrictSerializer,
    StrictTextField,
    VisibleField,
    VisibleListField,
)
from assurance.web.shown import ShownRow


class PartOut(serializers.Serializer[dict[str, str]]):
    """One stretch of a number: what it stands for and what it says."""

    name = serializers.CharField()
    text = serializers.CharField()


class CertificateOut(ShownRow[Certificate]):
    """A certificate with the parts of its number, the products it covers and those it is attached to."""

    code = serializers.CharField(read_only=True)
    parts = serializers.SerializerMethodField()
    products = serializers.SerializerMethodField()
    attached = serializers.SerializerMethodField()

    class Meta:
        model = Certificate
        fields = (
            "id",
            "code",
            "merchant",
            "kind",
            "number",
            "parts",
            "issuer",
            "holder",
            "model_names",
            "issued_date",
            "valid_from_date",
            "expires_date",
            "file",
            "sha256",
            "state",
            "products",
            "attached",
            "entered_at",
            "decided_at",
            "decision_reason",
            "holder_accepted",
        )
        read_only_fields = fields

    @extend_schema_field(PartOut(many=True))
    def get_parts(self, certificate: Certificate) -> list[dict[str, str]]:
        reading = read(certificate.kind, certificate.number, year=day_of(certificate.entered_at).year)
        return [{"name": part.name, "text": part.text} for part in reading.parts]

    def get_products(self, certificate: Certificate) -> list[int]:
        return sorted(one.product_id for one in certificate.covered.all())

    def get_attached(self, certificate: Certificate) -> list[int]:
        return sorted(one.product_id for one in certificate.attachments.all() if one.detached_at is None)


class CertificateIn(StrictSerializer):
    """A certificate to enter. ``file`` was uploaded before; it is attached to every product it covers."""

    kind = StrictChoiceField(choices=Kind.choices)
    number = StrictTextField(max_length=80)
    issuer = StrictTextField(max_length=120)
    holder = StrictTextField(max_length=120)
    model_names = StrictTextField(max_length=300, allow_blank=True, required=False)
    issued_date = DayField()
    valid_from_date = DayField(required=False, allow_null=True)
    expires_date = DayField(required=False, allow_null=True)
    file = VisibleField(StoredFile)
    products = VisibleListField(Product)


class ProductsIn(StrictSerializer):
    """The products to attach a certificate to."""

    products = VisibleListField(Product)


class ProductIn(StrictSerializer):
    """The product to take a certificate off."""

    product = VisibleField(Product)


class ReasonIn(StrictSerializer):
    """Why, in words for the merchant."""

    reason = StrictTextField(max_length=300)


class NoteIn(StrictSerializer):
    """Why another holder's certificate counts; not asked for otherwise."""

    reason = StrictTextField(max_length=300, allow_blank=True, required=False)


class ConflictOut(ShownRow[CertificateConflict]):
    """Two certificates of two merchants with one number or one file."""

    code = serializers.CharField(read_only=True)

    class Meta:
        model = CertificateConflict
        fields = (
            "id",
            "code",
            "first",
            "second",
            "first_merchant",
            "second_merchant",
            "is_number",
            "is_file",
            "state",
            "found_at",
            "decided_at",
            "reason",
        )
        read_only_fields = fields


class ConflictIn(StrictSerializer):
    """Who may show it from now on, and why."""

    keep = StrictChoiceField(choices=list(KEPT))
    reason = StrictTextField(max_length=300)
