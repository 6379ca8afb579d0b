"""Corrective actions as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assurance.web.serializers import StrictSerializer, StrictTextField
from assurance.web.shown import ShownRow
from qc.quality.models import CorrectiveAction


class SubmitIn(StrictSerializer):
    """What the cause was and what was changed."""

    cause = StrictTextField(max_length=2_000)
    plan = StrictTextField(max_length=2_000)


class ApproveIn(StrictSerializer):
    reason = StrictTextField(max_length=300, required=False)


class SendBackIn(StrictSerializer):
    reason = StrictTextField(max_length=300)


class CorrectiveActionOut(ShownRow[CorrectiveAction]):
    """``stop`` holds the goods until it is approved."""

    code = serializers.CharField(read_only=True)
    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = CorrectiveAction
        fields = (
            "id",
            "code",
            "merchant",
            "warehouse",
            "product",
            "stop",
            "state",
            "demanded_at",
            "cause",
            "plan",
            "submitted_at",
            "decided_at",
            "decision_reason",
        )
        read_only_fields = fields
