"""``manage.py load_demo``: load the demo month into an empty database; ``--print-sign-ins`` says who may sign in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assurance.accounts.models import ROLE_LABELS, Organisation, User
from assurance.reference import LOADERS
from assurance.roles import Kind
from demo import story
from demo.people import DOMAIN, PASSWORD
from demo.replay.cast import DOMAIN as REPLAYED


class Command(BaseCommand):
    help = "Load a month of operations into an empty database. Refused in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print-sign-ins", action="store_true", help="Only say who may sign in.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo has known passwords; production refuses it.")
        if not options["print_sign_ins"]:
            self.load()
        self.say_sign_ins()

    def load(self) -> None:
        if Organisation.objects.exclude(kind=Kind.PLATFORM).exclude(people__email__endswith=f"@{REPLAYED}").exists():
            return
        now = timezone.now()
        for load in LOADERS.values():
            load(now)
        story.play(now=now)

    def say_sign_ins(self) -> None:
        people = User.objects.filter(email__endswith=f"@{DOMAIN}").select_related("organisation").order_by("id")
        seen: set[str] = set()
        for person in people:
            if person.role not in seen:
                seen.add(person.role)
                role = str(ROLE_LABELS[person.role])  # type: ignore[index]
                self.stdout.write(f"  {person.email:36} {role:22} {person.organisation.name}")
        if seen:
            self.stdout.write(f"  password of all: {PASSWORD}")
