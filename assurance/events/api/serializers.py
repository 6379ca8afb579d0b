"""Jobs and the audit trail as JSON."""

from __future__ import annotations

from rest_framework import serializers

from assurance.events.models import Event, Job
from assurance.web.serializers import StrictSerializer, StrictTextField


class JobOut(serializers.ModelSerializer[Job]):
    class Meta:
        model = Job
        fields = ("id", "handler", "queue", "state", "attempts", "last_error", "created_at", "next_at", "done_at")
        read_only_fields = fields


class EventOut(serializers.ModelSerializer[Event]):
    class Meta:
        model = Event
        fields = ("id", "kind", "at", "actor_id", "subject_kind", "subject_id", "changes", "reason")
        read_only_fields = fields


class RestartIn(StrictSerializer):
    reason = StrictTextField(max_length=200)
