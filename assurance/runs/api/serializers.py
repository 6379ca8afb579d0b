"""Long work as JSON."""

from __future__ import annotations

from assurance.runs.models import Run
from assurance.web.shown import ShownRow


class RunOut(ShownRow[Run]):
    class Meta:
        model = Run
        fields = ("id", "kind", "state", "total", "done", "errors", "result", "created_at", "started_at", "ended_at")
        read_only_fields = fields
