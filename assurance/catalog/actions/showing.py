"""Keep which talk-sheet was shown to whom."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction

from assurance.catalog.models import TalkSheet, TalkSheetShown
from assurance.catalog.talk_sheet import content_of
from assurance.events.actions import announce
from assurance.evidence import canonical

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.catalog.models import CatalogEntry
    from assurance.catalog.talk_sheet import TalkSheetContent
    from assurance.events.changes import Changes


@transaction.atomic
def show_talk_sheet(*, entry: CatalogEntry, actor: User, at: datetime) -> tuple[TalkSheetContent, TalkSheetShown]:
    """Return what may be said of a product now, and keep that this person was shown exactly this."""
    content = content_of(entry, at=at)
    encoded = canonical.encode(content)
    sha256 = hashlib.sha256(encoded).hexdigest()
    sheet = TalkSheet(
        product_id=entry.product_id,
        merchant_id=entry.merchant_id,
        language=content["language"],
        content=encoded.decode(),
        sha256=sha256,
        made_at=at,
    )
    TalkSheet.objects.bulk_create([sheet], ignore_conflicts=True)
    kept = TalkSheet.objects.get(sha256=sha256)
    shown = TalkSheetShown.objects.create(
        sheet=kept, product_id=entry.product_id, organisation_id=actor.organisation_id, person=actor, shown_at=at
    )
    changes: Changes = {"product": [None, entry.product_id], "sha256": [None, sha256]}
    announce("catalog.talk_sheet.shown", actor=actor, at=at, subject=shown, changes=changes)
    return content, shown
