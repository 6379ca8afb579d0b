"""Examples for certificates and their conflicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assurance.certificates import actions
from assurance.certificates.models import CertificateConflict
from assurance.files import actions as files
from assurance.roles import Role
from tests import certificates as papers
from tests import goods
from tests.factories import NOON
from tests.hostile.examples.example import Example, somebody

REASON = "编号与文件不符"


def entered(**given: Any) -> tuple[Any, Any, Any]:
    owner = somebody(Role.MERCHANT_OWNER)
    product = goods.product(owner.organisation)
    return owner, product, papers.entered(owner, product, **given)


def create() -> Example:
    owner, product, _ = entered()
    _other, foreign, theirs = entered()
    file = files.store(organisation=owner.organisation, uploaded_by=owner, data=papers.pdf(), shown_name="a.pdf", at=NOON)
    body = {
        "kind": "test_report",
        "number": "JX-2026-0042",
        "issuer": "浙江省检测研究院",
        "holder": "禾见日化有限公司",
        "model_names": "120 g",
        "issued_date": "2026-01-10",
        "valid_from_date": "2026-01-10",
        "expires_date": "2099-01-09",
        "file": file.pk,
        "products": [product.pk],
    }
    return Example(owner, body, foreign={"products": [foreign.pk], "file": theirs.file_id}, status=201)


def show() -> Example:
    owner, _, found = entered()
    return Example(owner, path={"pk": found.pk})


def attach() -> Example:
    owner, product, found = entered(attaching=False)
    return Example(owner, {"products": [product.pk]}, path={"pk": found.pk}, foreign={"products": [entered()[1].pk]})


def detach() -> Example:
    owner, product, found = entered()
    return Example(owner, {"product": product.pk}, path={"pk": found.pk}, foreign={"product": entered()[1].pk})


def of_reviewer(*steps: Callable[..., object], **body: Any) -> Example:
    reviewer = somebody(Role.ENROLMENT_REVIEWER)
    _, _, found = entered(expires_date=None)
    for step in steps:
        step(certificate_id=found.pk, reason=REASON, actor=reviewer, at=NOON)
    return Example(reviewer, body or {"reason": REASON}, path={"pk": found.pk})


def conflict(role: Role, **body: Any) -> Example:
    number = papers.number_of("test_report")
    entered(kind="test_report", number=number)
    _, _, second = entered(kind="test_report", number=number)
    return Example(somebody(role), body, path={"pk": CertificateConflict.objects.get(second=second).pk})


EXAMPLES: dict[str, Callable[[], Example]] = {
    "POST api:certificate-list": create,
    "GET api:certificate-detail": show,
    "POST api:certificate-attach": attach,
    "POST api:certificate-detach": detach,
    "POST api:certificate-verify": of_reviewer,
    "POST api:certificate-reject": of_reviewer,
    "POST api:certificate-suspend": lambda: of_reviewer(actions.verify),
    "POST api:certificate-withdraw": lambda: of_reviewer(actions.verify),
    "POST api:certificate-reinstate": lambda: of_reviewer(actions.verify, actions.suspend),
    "GET api:certificate-conflict-detail": lambda: conflict(Role.AUDITOR),
    "POST api:certificate-conflict-decide": lambda: conflict(Role.PLATFORM_ADMIN, keep="both", reason="同一工厂代工"),
}
