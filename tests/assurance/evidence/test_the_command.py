"""``manage.py verify_evidence``: what it counts, what it names, and how it ends."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assurance.evidence.models import Checkpoint
from tests.assurance.evidence.ledger import cut, our_keys, place

pytestmark = pytest.mark.row("A22.1")


class TestTheCommand:
    def run(self, *arguments: str) -> tuple[int, str]:
        out = io.StringIO()
        try:
            call_command("verify_evidence", *arguments, stdout=out, no_color=True)
        except SystemExit as end:
            return int(end.code or 0), out.getvalue()
        return 0, out.getvalue()

    def test_counts_what_it_found_in_order(self, tamper):
        code, said = self.run()

        assert code == 0
        assert "entries      30 (10 evidence, 20 audit events)" in said
        assert "products     2 chains" in said
        assert "checkpoints  10; 0 entries since the newest" in said
        assert "entries/s" in said
        assert said.endswith("EVERYTHING IS AS IT WAS WRITTEN\n")

    def test_names_the_first_bad_entry_and_ends_with_1(self, tamper):
        tamper("UPDATE assurance_event SET reason = '' WHERE reason = '改名'")

        assert self.run() == (
            1,
            f"NOT AS WRITTEN: entry 2 (event {place(2).source_id}) does not say what it said: its hash is another\n",
        )

    def test_takes_a_saved_checkpoint(self, tamper, tmp_path):
        file = tmp_path / "checkpoint"
        file.write_text(Checkpoint.objects.get(number=10).note)
        assert self.run("--checkpoint", str(file))[0] == 0

        cut(tamper, 27)
        tamper("DELETE FROM assurance_checkpoint WHERE number = 10")

        assert self.run()[0] == 0
        code, said = self.run("--checkpoint", str(file))
        assert code == 1
        assert "entry 27 and what followed are gone" in said

    def test_takes_the_public_key_where_the_private_one_is_not(self, tamper, settings):
        key = str(our_keys()[0])
        settings.SIGNING_KEY_FILE = Path("/nowhere/checkpoint.key")

        with pytest.raises(CommandError, match="give the public key with --key"):
            self.run()
        assert self.run("--key", key)[0] == 0

    @pytest.mark.parametrize("arguments", [("--key", "nonsense"), ("--checkpoint", "/nowhere/checkpoint")])
    def test_refuses_what_it_cannot_read(self, committed_db, arguments):
        with pytest.raises(CommandError):
            self.run(*arguments)
