"""``manage.py load_reference``: bring the reference data we ship into the database; run it as often as you like."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from assurance.reference import LOADERS


class Command(BaseCommand):
    help = "Load the versioned reference data (categories, kinds of defects, ...). Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, load in LOADERS.items():
            changed = load(timezone.now())
            self.stdout.write(f"{name}: {changed} changed")
