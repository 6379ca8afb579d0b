"""Badges as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assurance.badges.models import Badge
from assurance.badges.queries import Verification
from assurance.badges.validity import Status
from assurance.web.serializers import StrictSerializer, StrictTextField
from assurance.web.shown import ShownRow


class BadgeOut(ShownRow[Badge]):
    class Meta:
        model = Badge
        fields = (
            "id",
            "code",
            "product",
            "lot_number",
            "received",
            "inspected",
            "defective",
            "inspected_at",
            "issued_at",
            "valid_until",
            "revoked_at",
            "superseded_at",
        )
        read_only_fields = fields


class ReissueIn(StrictSerializer):
    reason = StrictTextField(max_length=200)


class RevokeIn(StrictSerializer):
    reason = StrictTextField(max_length=200)


class VerificationOut(serializers.Serializer[Verification]):
    """What anybody may know of a badge."""

    code = serializers.CharField()
    checked_at = serializers.DateTimeField(source="at")
    status = serializers.ChoiceField(choices=[str(status) for status in Status], source="validity.status")
    is_valid = serializers.BooleanField(source="validity.is_valid")  # type: ignore[assignment]
    product = serializers.CharField(source="badge.product.name", allow_null=True)
    gtin = serializers.CharField(source="badge.product.gtin", allow_null=True)
    lot_number = serializers.CharField(source="badge.lot_number", allow_null=True)
    merchant = serializers.CharField(source="badge.merchant.name", allow_null=True)
    inspected = serializers.IntegerField(source="badge.inspected", allow_null=True)
    defective = serializers.IntegerField(source="badge.defective", allow_null=True)
    inspected_at = serializers.DateTimeField(source="badge.inspected_at", allow_null=True)
    at_most_percent = serializers.SerializerMethodField(
        help_text="Upper bound of defective units in percent with 95 % confidence, as text."
    )
    valid_until = serializers.DateTimeField(source="badge.valid_until", allow_null=True)
    because = serializers.CharField(help_text="Why it is suspended or revoked, in the words of the record; else empty.")

    def get_at_most_percent(self, found: Verification) -> str | None:
        return None if found.at_most_percent is None else f"{found.at_most_percent:.1f}"

    def to_representation(self, instance: Verification) -> dict[str, Any]:
        if instance.badge is not None:
            return super().to_representation(instance)
        empty: dict[str, Any] = dict.fromkeys(self.fields)
        return empty | {
            "code": instance.code[:40],
            "checked_at": self.fields["checked_at"].to_representation(instance.at),
            "status": str(instance.validity.status),
            "is_valid": False,
            "because": "",
        }
