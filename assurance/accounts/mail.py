"""The few letters an account needs, in the reader's language. Sent by jobs; a link is made when its letter is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from assurance.accounts.links import join_link, reset_link
from assurance.accounts.models import Invitation, User

if TYPE_CHECKING:
    from datetime import datetime


def send_invitation(*, invitation_id: int, at: datetime) -> None:
    """Send the link of an invitation that is still open; nothing of one that is not."""
    invitation = Invitation.objects.select_related("user", "organisation").get(pk=invitation_id)
    if not invitation.is_open(at):
        return
    template = "confirm" if invitation.purpose == Invitation.Purpose.CONFIRM else "invitation"
    _send(template, invitation.user, {"link": join_link(invitation), "organisation": invitation.organisation})


def send_reset_link(*, user_id: int) -> None:
    """Send the link to choose a new password, unless the person was deactivated meanwhile."""
    person = User.objects.get(pk=user_id)
    if person.is_active:
        _send("password_reset", person, {"link": reset_link(person)})


def send_plain(template: str, *, user_id: int) -> None:
    _send(template, User.objects.get(pk=user_id), {})


def _send(template: str, person: User, context: dict[str, Any]) -> None:
    """Render ``templates/accounts/mail/<template>.txt``: its first line is the subject."""
    with translation.override(person.language):
        text = render_to_string(f"accounts/mail/{template}.txt", context | {"person": person, "site": settings.PUBLIC_URL})
    subject, _, body = text.strip().partition("\n")
    EmailMessage(subject.strip(), body.strip() + "\n", to=[person.email]).send()
