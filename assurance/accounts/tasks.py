"""Mail that follows what happened to an account, and the sweeping of what is over."""

from __future__ import annotations

from django.utils import timezone

from assurance.accounts import mail
from assurance.accounts.actions import sign_in
from assurance.events.registry import every, job


@job("accounts.person.invited", queue="notices")
def mail_invitation(*, invitation_id: int, **_from_newer_writers: object) -> None:
    """Send the link by which a person comes in."""
    mail.send_invitation(invitation_id=invitation_id, at=timezone.now())


@job("accounts.registration.repeated", queue="notices")
def mail_account_exists(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Tell somebody who registered again that there is an account already."""
    mail.send_plain("account_exists", user_id=subject_id)


@job("accounts.password.reset_asked", queue="notices")
def mail_reset_link(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Send the link by which a new password is chosen."""
    mail.send_reset_link(user_id=subject_id)


@job("accounts.password.changed", "accounts.password.reset_used", queue="notices")
def mail_password_changed(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Tell a person that the password was changed: it may have been somebody else."""
    mail.send_plain("password_changed", user_id=subject_id)


@job("accounts.second_factor.added", queue="notices")
def mail_second_factor_added(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Tell a person that a second factor was added."""
    mail.send_plain("second_factor_added", user_id=subject_id)


@job("accounts.second_factor.removed", queue="notices")
def mail_second_factor_removed(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Tell a person that the second factor was removed."""
    mail.send_plain("second_factor_removed", user_id=subject_id)


@every(3600)
def sweep(**_from_newer_writers: object) -> None:
    """Remove sessions that are over and old attempts."""
    sign_in.sweep(at=timezone.now())
