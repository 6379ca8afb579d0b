"""Claims, their evidence and findings in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.claims.models import Claim, ClaimEvidence, ClaimFinding, ClaimStatus


class ClaimTable(back_office.Shown):
    noun, nouns = _("claim"), _("claims")
    columns = ("product", "merchant", "kind", "said_by", "text", "value", "unit", "made_at", "withdrawn_at")
    list_filter = ("kind", "said_by")


class ClaimEvidenceTable(back_office.Shown):
    noun, nouns = _("evidence of a claim"), _("evidence of claims")
    columns = ("claim", "basis", "file", "evidence_entry_id", "measured_value", "unit", "agrees", "from_date", "until_date", "attached_at")
    list_filter = ("basis",)


class ClaimFindingTable(back_office.Shown):
    noun, nouns = _("finding about a claim"), _("findings about claims")
    columns = ("claim", "grade", "source", "words", "reference", "found_date", "made_by", "made_at")
    list_filter = ("grade", "source")


class ClaimStatusTable(back_office.Shown):
    noun, nouns = _("status of a claim"), _("statuses of claims")
    columns = ("claim", "product", "status", "because", "until_date", "settled_at")
    list_filter = ("status",)


back_office.tables([(Claim, ClaimTable), (ClaimEvidence, ClaimEvidenceTable)])
back_office.tables([(ClaimFinding, ClaimFindingTable), (ClaimStatus, ClaimStatusTable)])
