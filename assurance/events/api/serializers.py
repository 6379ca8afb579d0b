"""Jobs and the audit trail as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assurance.events.models import Event, Job
from assurance.web.serializers import StrictSerializer, StrictTextField
from assurance.web.shown import ShownRow


class JobOut(ShownRow[Job]):
    class Meta:
        model = Job
        fields = ("id", "handler", "queue", "state", "attempts", "last_error", "created_at", "next_at", "done_at")
        read_only_fields = fields


class EventOut(ShownRow[Event]):
    changes = serializers.SerializerMethodField(help_text="Field → before and after; fields that your role may not see are left out.")

    class Meta:
        model = Event
        fields = ("id", "kind", "at", "actor_id", "subject_kind", "subject_id", "changes", "reason")
        read_only_fields = fields

    def get_changes(self, event: Event) -> dict[str, list[Any]]:
        return event.changes_for(self.context["request"].user)


class RestartIn(StrictSerializer):
    reason = StrictTextField(max_length=200)
