"""Examples for badges, files, jobs, notices and runs."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from PIL import Image

from assurance.badges.models import Badge
from assurance.events.models import Job
from assurance.files import actions as files
from assurance.files.sniffing import DOCUMENTS
from assurance.gates.actions import clear
from assurance.notices.models import Notice
from assurance.roles import Kind, Role
from assurance.runs.models import Run
from tests import factories, goods
from tests.hostile.examples.example import Example, number, somebody

NOON = factories.NOON


def picture(side: int = 8) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side), "#2f6f4f").save(file, "JPEG")
    return file.getvalue()


def badge() -> Badge:
    owner, lot = somebody(Role.MERCHANT_OWNER), 900_000 + number()  # no lot that another example really has
    enrolment = goods.enrol(goods.product(owner.organisation))
    warehouse = factories.organisation(Kind.WAREHOUSE)
    verdict: dict[str, Any] = {"subject_kind": "lot", "subject_id": lot, "stage": "inbound", "verdict": "released", "because": "accepted"}
    clearance = clear(organisation_id=owner.organisation_id, actor=None, at=NOON, **verdict)
    return Badge.objects.create(
        product=enrolment.product,
        merchant=owner.organisation,
        enrolment=enrolment,
        clearance=clearance,
        warehouse=warehouse,
        lot_id=lot,
        lot_number="HJ260918A",
        code=f"7Q2M-4K9X-{lot - 900_000:04}",
        issued_at=NOON,
        valid_until=timezone.now() + timedelta(days=90),
        received=6000,
        inspected=200,
        defective=0,
        inspected_at=NOON,
    )


def show_badge() -> Example:
    found = badge()
    return Example(found.merchant.people.get(role=Role.MERCHANT_OWNER), path={"pk": found.pk})


def revoke() -> Example:
    return Example(somebody(Role.PLATFORM_ADMIN), {"reason": "the laboratory withdrew its report"}, path={"pk": badge().pk})


def reissue() -> Example:
    return Example(somebody(Role.PLATFORM_ADMIN), {"reason": "the code was copied"}, path={"pk": badge().pk})


def upload() -> Example:
    return Example(somebody(Role.MERCHANT_OWNER), files={"file": picture()}, status=201)


def show_file() -> Example:
    owner = somebody(Role.MERCHANT_OWNER)
    stored = files.store(
        organisation=owner.organisation, uploaded_by=owner, data=picture(), shown_name="a.jpg", at=NOON, accept=DOCUMENTS, field="file"
    )
    return Example(owner, path={"pk": stored.pk})


def job() -> Example:
    found = Job.objects.create(
        handler="assurance.accounts.mail_invitation",
        key=f"k{number()}",
        queue="notices",
        state="parked",
        attempts=5,
        next_at=NOON,
        created_at=NOON,
    )
    return Example(somebody(Role.PLATFORM_ADMIN), {"reason": "the mail server is back"}, path={"pk": found.pk})


def show_job() -> Example:
    found = job()
    return Example(found.user, path=found.path)


def read_notice() -> Example:
    reader = somebody(Role.STREAMER)
    notice = Notice.objects.create(recipient=reader, kind="accounts.welcome", key="k", created_at=NOON)
    return Example(reader, {"notices": [notice.pk]})


def run() -> Example:
    owner = somebody(Role.MERCHANT_OWNER)
    found = Run.objects.create(organisation=owner.organisation, kind="events.trail", started_by=owner, created_at=NOON)
    return Example(owner, path={"pk": found.pk})


EXAMPLES: dict[str, Callable[[], Example]] = {
    "GET api:badge-detail": show_badge,
    "POST api:badge-revoke": revoke,
    "POST api:badge-reissue": reissue,
    "POST api:file-list": upload,
    "GET api:file-detail": show_file,
    "GET api:file-content": show_file,
    "GET api:job-detail": show_job,
    "POST api:job-restart": job,
    "POST api:notice-read": read_notice,
    "GET api:run-detail": run,
    "POST api:run-cancel": run,
}
