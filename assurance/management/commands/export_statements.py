"""``manage.py export_statements FILE``: every statement with what it was worked out from, for ``tools/check_statements.py``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assurance.fees.models import Statement
from assurance.fees.queries import bundle


class Command(BaseCommand):
    help = "Write every statement, or those of one month, with its operations, rates, postings and credit notes into a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--month", default="", help="for example 2026-10")

    def handle(self, *args: Any, **options: Any) -> None:
        statements = Statement.objects.select_related("merchant").order_by("month", "pk")
        if options["month"]:
            statements = statements.filter(month=f"{options['month']}-01")
        found = bundle(list(statements))
        options["file"].write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        self.stdout.write(f"{len(found['statements'])} statements")
