"""The daily look at the whole log, and where its outcome stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from assurance.evidence import actions
from assurance.evidence.handover import hand_over
from assurance.evidence.queries import Check, last_check
from tests.assurance.evidence.ledger import write_log
from tests.factories import NOON

pytestmark = pytest.mark.row("A22.1")
LATER = NOON + timedelta(days=1)


class TestTheDailyCheck:
    def test_writes_down_that_all_is_well_and_later_what_is_not(self, committed_db, ada, superuser):
        assert actions.check_log(at=NOON) == ""
        assert last_check() is None  # there is no log yet
        write_log(2)
        hand_over()

        assert actions.check_log(at=NOON) == ""
        assert last_check() == Check(NOON, 6, "")
        superuser("UPDATE assurance_event SET reason = '' WHERE reason = '改名'")
        finding = actions.check_log(at=LATER)

        assert finding.startswith("entry 2 (event ")
        assert last_check() == Check(LATER, None, finding)
        auditor = Client(headers={"accept-language": "en"})
        auditor.force_login(ada)
        assert finding in auditor.get("/").content.decode()
        public = Client(headers={"accept-language": "en"}).get("/log/").content.decode()
        assert "Not as written" in public
        assert finding not in public
