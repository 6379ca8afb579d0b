"""Enrolments as JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assurance.enrollment.comparing import differences
from assurance.enrollment.models import REASON_CODES, Acceptance, Agreement, Enrolment, ReviewReason
from assurance.enrollment.outlook import Fee, Outlook
from assurance.products.models import Product
from assurance.web.serializers import StrictChoiceField, StrictSerializer, StrictTextField, VisibleField
from assurance.web.shown import ShownRow


class ReasonOut(ShownRow[ReviewReason]):
    """One objection, at the field it is tied to."""

    class Meta:
        model = ReviewReason
        fields = ("field", "code", "words", "given_at", "settled_at")
        read_only_fields = fields


class EnrolmentOut(ShownRow[Enrolment]):
    number = serializers.CharField(read_only=True)
    is_claimed = serializers.SerializerMethodField()
    reasons = ReasonOut(many=True, read_only=True)

    class Meta:
        model = Enrolment
        fields = (
            "id",
            "number",
            "product",
            "merchant",
            "state",
            "is_claimed",
            "created_at",
            "submitted_at",
            "due_at",
            "decided_at",
            "valid_until",
            "reasons",
            "snapshot",
        )
        read_only_fields = fields

    def get_is_claimed(self, enrolment: Enrolment) -> bool:
        return enrolment.claimed_by_id is not None


class DifferenceOut(serializers.Serializer[Any]):
    """One field, or one file by its SHA-256, before and after."""

    field = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
    is_file = serializers.BooleanField()


class EnrolmentWithDifferencesOut(EnrolmentOut):
    """An enrolment with what its last submission changed."""

    differences = serializers.SerializerMethodField()

    class Meta(EnrolmentOut.Meta):
        fields = (*EnrolmentOut.Meta.fields, "differences")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]

    @extend_schema_field(DifferenceOut(many=True))
    def get_differences(self, enrolment: Enrolment) -> Any:
        return DifferenceOut(differences(enrolment), many=True).data


class StartIn(StrictSerializer):
    """Which product to enrol."""

    product = VisibleField(Product)


class NoteIn(StrictSerializer):
    """Why, in words; not asked for."""

    reason = StrictTextField(max_length=200, allow_blank=True, required=False)


class ReasonIn(StrictSerializer):
    """An objection: a code at a field that was submitted, with words where the code does not say enough."""

    field = StrictTextField(max_length=60)
    code = StrictChoiceField(choices=list(REASON_CODES))
    words = StrictTextField(max_length=300, allow_blank=True, required=False)


class ReasonsIn(StrictSerializer):
    """At least one objection."""

    reasons = ReasonIn(many=True)


class AgreementOut(ShownRow[Agreement]):
    """One version of the agreement; the newest one is in force."""

    class Meta:
        model = Agreement
        fields = ("id", "version", "title_zh", "title_en", "text_zh", "text_en", "sha256", "loaded_at")
        read_only_fields = fields


class AcceptanceOut(ShownRow[Acceptance]):
    version = serializers.CharField(source="agreement.version", read_only=True)

    class Meta:
        model = Acceptance
        fields = ("id", "agreement", "version", "sha256", "accepted_at")
        read_only_fields = fields


class SigningIn(StrictSerializer):
    """The fingerprint of the agreement that was read, and the name of who accepts it, as in the account."""

    sha256 = StrictTextField(max_length=64)
    name = StrictTextField(max_length=80)


class LackOut(serializers.Serializer[Any]):
    field = serializers.CharField()
    code = serializers.CharField()
    words = serializers.CharField()


class FeeOut(serializers.Serializer[Fee]):
    """What one piece in one parcel to the nearest zone would cost today."""

    kind = serializers.CharField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    formula = serializers.CharField()


class OutlookOut(serializers.Serializer[Outlook]):
    """What awaits the product, by the versions of the rules in force."""

    missing = LackOut(many=True)
    rules_version = serializers.CharField(source="category.version")
    inspection_level = serializers.CharField(source="category.inspection_level")
    lab_tests = serializers.SerializerMethodField()
    lab_result_days = serializers.IntegerField(source="category.lab_result_days", help_text="0: the badge waits for no laboratory.")
    working_days_to_badge = serializers.IntegerField(source="way.days")
    rates_version = serializers.CharField()
    fees = FeeOut(many=True)
    agreement = serializers.CharField(source="agreement.version", allow_null=True, default=None)
    accepted_at = serializers.DateTimeField(source="acceptance.accepted_at", allow_null=True, default=None)

    def get_lab_tests(self, ahead: Outlook) -> list[str]:
        return [f"{label} {standard}" for label, standard in ahead.tests]
