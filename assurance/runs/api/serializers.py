"""Long work as JSON."""

from __future__ import annotations

from rest_framework import serializers

from assurance.runs.models import Run


class RunOut(serializers.ModelSerializer[Run]):
    class Meta:
        model = Run
        fields = ("id", "kind", "state", "total", "done", "errors", "result", "created_at", "started_at", "ended_at")
        read_only_fields = fields
