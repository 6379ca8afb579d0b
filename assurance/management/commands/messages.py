"""``manage.py messages``: bring the catalogue up to date; ``--check``: say what is missing or wrong; ``--compile``: make the .mo files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Finds the messages of the code and the templates and keeps their Chinese. Needs Babel, but no gettext tools."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if a text lacks Chinese or a translation is wrong")
        parser.add_argument("--compile", action="store_true", help="only make the .mo files that are older than their .po")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["compile"]:
            self.compile()
        elif options["check"]:
            self.look()
        else:
            self.renew()
            self.compile()

    def renew(self) -> None:
        from assurance import messages

        path = messages.catalogue_path(settings.BASE_DIR)
        kept = messages.read(path)
        fresh = messages.renewed(messages.found(settings.BASE_DIR), kept)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(messages.written(fresh), encoding="utf-8")
        without = sum(not any(messages.strings(message)) for message in fresh if message.id)
        self.stdout.write(f"{len(fresh)} messages, {without} without Chinese")

    def compile(self) -> None:
        from deploy.messages import compile_messages

        for path in compile_messages():
            self.stdout.write(f"compiled {path.relative_to(settings.BASE_DIR)}")

    def look(self) -> None:
        """:raises CommandError: with every flaw on a line of its own"""
        from assurance import messages, translation_flaws

        root = settings.BASE_DIR
        fresh = messages.found(root)
        wrong = translation_flaws.flaws(fresh, messages.read(messages.catalogue_path(root)))
        wrong += translation_flaws.plain_choices(
            model for app in messages.APPS if apps.is_installed(app) for model in apps.get_app_config(app).get_models()
        )
        for path in sorted((root / "data").rglob("*.json")):
            told = json.loads(path.read_text(encoding="utf-8"))
            wrong += translation_flaws.data_flaws(told, str(path.relative_to(root)))
        if wrong:
            raise CommandError("\n".join([*sorted(wrong), f"{len(wrong)} flaws in what is said in two languages"]))
        self.stdout.write(f"{len(fresh)} messages, each in English and Chinese")
