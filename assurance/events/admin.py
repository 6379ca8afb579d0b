"""What has happened and what must follow, in the back office. What was changed stands on the page of the audit trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.events.models import Event, Heartbeat, Job


class EventTable(back_office.Shown):
    noun, nouns = _("event"), _("events")
    columns = ("at", "kind", "subject_kind", "subject_id", "actor_id", "organisation_id")
    rows = ("reason",)
    search_fields = ("kind", "=subject_id")


class JobTable(back_office.Shown):
    noun, nouns = _("job"), _("jobs")
    columns = ("handler", "queue", "state", "attempts", "next_at", "created_at", "done_at")
    rows = ("event", "key", "lease_until", "last_error")
    list_filter = ("state",)
    search_fields = ("handler",)


class HeartbeatTable(back_office.Shown):
    noun, nouns = _("heartbeat"), _("heartbeats")
    columns = ("process", "at")


back_office.tables([(Event, EventTable), (Job, JobTable), (Heartbeat, HeartbeatTable)])
