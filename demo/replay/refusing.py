"""Why a replay does not begin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance.refusals import Refused


class ReplayRuns(Refused):
    code = "replay_runs"
    message = _("A replay is running already. Wait for it or cancel it.")


class NothingThere(Refused):
    code = "nothing_there"
    status = 422
    message = _("There are no orders in %(folder)s. Put the five files there first.")
