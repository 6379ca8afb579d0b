"""Promises as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assurance.web.shown import ShownRow
from qc.promises.models import Promise


class PromiseOut(ShownRow[Promise]):
    """What was promised of a line. ``owed_at`` is the promised moment, later by as much as the goods came late."""

    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    arrived_at = serializers.DateTimeField(source="arrived", read_only=True, allow_null=True)
    decided_at = serializers.DateTimeField(source="decided", read_only=True, allow_null=True)
    owed_at = serializers.DateTimeField(source="owed", read_only=True, allow_null=True)

    class Meta:
        model = Promise
        fields = (
            *("id", "notice", "line", "product", "warehouse", "round", "level", "severity_major", "severity_minor", "lot_size"),
            *("sample_size", "arrival_at", "release_at", "made_at", "arrived_at", "decided_at", "owed_at"),
        )
        read_only_fields = fields


class KeptOut(serializers.Serializer[Any]):
    """How a warehouse kept its promises in the last 30 days. ``hours`` is the mean delay; negative is early."""

    warehouse = serializers.CharField(source="code")
    lines = serializers.IntegerField()
    kept = serializers.IntegerField()
    late = serializers.IntegerField()
    overdue = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    hours = serializers.FloatField(allow_null=True)
