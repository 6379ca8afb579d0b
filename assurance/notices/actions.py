"""Tell people, once each; mail follows as a job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from assurance.events.actions import announce, enqueue
from assurance.notices.models import Notice
from assurance.notices.wording import in_language_of, worded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from assurance.accounts.models import User

MAIL_HANDLER = "assurance.notices.mail_notice"


@transaction.atomic
def notify(kind: str, *, recipients: Iterable[User], key: str, at: datetime, link: str = "", **params: Any) -> list[Notice]:
    """Tell each person once: the same ``kind`` and ``key`` again changes nothing. Mail goes out by a job per notice.

    :raises KeyError: if the kind has no wording
    """
    worded(kind, params)
    made = [
        notice
        for person in recipients
        if person.is_active
        for notice, is_new in [
            Notice.objects.get_or_create(
                recipient=person,
                key=f"{kind}:{key}",
                defaults={"kind": kind, "params": params, "link": link, "created_at": at},
            )
        ]
        if is_new
    ]
    for notice in made:
        enqueue(MAIL_HANDLER, key=str(notice.pk), at=at, notice_id=notice.pk)
    return made


def mail_notice(*, notice_id: int, at: datetime) -> None:
    """Send one notice by e-mail in the reader's language.

    Runs in the job's transaction, so a failure plans a new attempt; a crash between sending and commit may send twice,
    which is why every mail of a notice carries the same Message-ID.
    """
    notice = Notice.objects.select_for_update(of=("self",)).select_related("recipient").get(pk=notice_id)
    if notice.mailed_at or not notice.recipient.email:
        return
    with in_language_of(notice.recipient):
        said = worded(notice.kind, notice.params)
        body = "\n\n".join(filter(None, [said.title, said.detail, notice.link and settings.PUBLIC_URL + notice.link]))
        message = EmailMessage(said.title, body, to=[notice.recipient.email])
    message.extra_headers["Message-ID"] = f"<notice-{notice.pk}@{settings.DEFAULT_FROM_EMAIL.split('@')[-1].strip('>')}>"
    message.send()
    notice.mailed_at = at
    notice.save(update_fields=["mailed_at"])


@transaction.atomic
def mark_read(*, actor: User, at: datetime, notice_ids: list[int] | None = None) -> int:
    """Mark the person's own notices as read, all of them if none is named; return how many were unread."""
    mine = Notice.objects.visible_to(actor).unread()
    if notice_ids is not None:
        mine = mine.filter(pk__in=notice_ids)
    changed = list(mine.select_for_update().values_list("pk", flat=True))
    if changed:
        Notice.objects.filter(pk__in=changed).update(read_at=at)
        announce(
            "notices.notice.read",
            actor=actor,
            at=at,
            subject=actor,
            changes={"notices": [None, changed]},
        )
    return len(changed)
