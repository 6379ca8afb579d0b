"""What a person decides about his own account."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from assurance.accounts.actions.registration import PhoneTaken
from assurance.accounts.models import User
from assurance.accounts.queries import person_called
from assurance.events.actions import announce
from assurance.events.changes import change

if TYPE_CHECKING:
    from typing import Any


@transaction.atomic
def change_me(*, actor: User, at: datetime, **new: Any) -> User:
    """Change one's own ``name``, ``phone``, ``language`` or ``timezone``.

    :raises PhoneTaken:
    """
    person = User.objects.select_for_update().get(pk=actor.pk)
    phone = new.get("phone")
    owner = person_called(phone) if phone else None
    if owner is not None and owner.pk != person.pk:
        raise PhoneTaken(field="phone")
    changes = change(person, **new)
    if changes:
        person.save(update_fields=sorted(new))
        announce("accounts.person.changed", actor=actor, at=at, subject=person, changes=changes)
    return person
