"""Enrolments as JSON."""

from __future__ import annotations

from rest_framework import serializers

from assurance.enrollment.models import REASON_CODES, Enrolment, ReviewReason
from assurance.products.models import Product
from assurance.web.serializers import StrictChoiceField, StrictSerializer, StrictTextField, VisibleField


class ReasonOut(serializers.ModelSerializer[ReviewReason]):
    """One objection, at the field it is tied to."""

    class Meta:
        model = ReviewReason
        fields = ("field", "code", "words", "given_at", "settled_at")
        read_only_fields = fields


class EnrolmentOut(serializers.ModelSerializer[Enrolment]):
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
