"""How every address is asked in ``test_access.py``: an object of one's own, one of somebody else's, a body that makes sense.

A new route needs an entry in ``CASES``; without one the test of that route fails and says so. The objects stand in ``access_world``.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from allauth.account.utils import user_pk_to_url_str
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from assurance.accounts.links import invitation_token
from assurance.accounts.models import User
from assurance.evidence.models import Checkpoint
from assurance.evidence.sequencer import sequence_new_entries
from assurance.qualification.models import EntryRules
from assurance.roles import MERCHANT, Role
from tests import goods
from tests.access_world import Side, World
from tests.product_files import as_csv, row

MISSING: Final = 999_999_999
"""The id of no row."""

Kwargs = dict[str, Any]


# --- how a route is asked -----------------------------------------------------------------------------------------
Maker = Callable[[World, User], Kwargs | None]


def nothing(world: World, user: User) -> Kwargs:
    return {}


@dataclass(frozen=True)
class Case:
    """An object of one's own, one of somebody else's, and a body that makes sense.

    ``theirs`` gives None to a user who may see everybody's; a route with arguments that belongs to no tenant says so by ``for_all``.
    ``plants`` names the fields of the body that refer to rows, each with somebody else's (``lines.product`` is in the first of the lines);
    ``common`` those that refer to what everybody sees.
    """

    mine: Maker = nothing
    theirs: Maker | None = None
    for_all: bool = False
    body: Callable[[World, User], Kwargs] = nothing
    plants: Mapping[str, Callable[[World], Any]] = field(default_factory=dict)
    common: frozenset[str] = frozenset()
    filters: Mapping[str, Callable[[World], Any]] = field(default_factory=dict)
    shows_clear: bool = False
    leads_away: bool = False
    """The page sends even those who may use it to the sign-in page."""


def pk_of(thing: Callable[[Side], Any], *, key: str = "pk", attribute: str = "pk") -> dict[str, Maker]:
    """Return makers for a thing that each side has; the platform sees both."""

    def mine(world: World, user: User) -> Kwargs:
        return {key: getattr(thing(world.near), attribute)}

    def theirs(world: World, user: User) -> Kwargs | None:
        return None if user.is_platform else {key: getattr(thing(world.far), attribute)}

    return {"mine": mine, "theirs": theirs}


def own(name: str, *, key: str = "pk", attribute: str = "pk", overseen: bool = False, by_organisation: bool = False) -> dict[str, Maker]:
    """Return makers for a thing of one person, which nobody else may touch.

    ``overseen``: administrator and auditor see everybody's; ``by_organisation``: the whole platform does.
    """

    def value(thing: Any) -> Any:
        return thing if attribute == "" else getattr(thing, attribute)

    def mine(world: World, user: User) -> Kwargs:
        return {key: value(getattr(world.own[user.pk], name))}

    def theirs(world: World, user: User) -> Kwargs | None:
        if (overseen and user.role in (Role.PLATFORM_ADMIN, Role.AUDITOR)) or (by_organisation and user.is_platform):
            return None
        return {key: value(getattr(world.far_own, name))}

    return {"mine": mine, "theirs": theirs}


def body(**values: Any) -> Callable[[World, User], Kwargs]:
    return lambda world, user: {name: value(world) if callable(value) else value for name, value in values.items()}


def member(thing: Callable[[Side], User]) -> dict[str, Maker]:
    return pk_of(thing)


class Upload(SimpleUploadedFile):
    """A file that may be sent twice."""

    def read(self, *args: Any) -> Any:
        self.seek(0)
        return super().read(*args)


def picture() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (2, 2), "red").save(content, "PNG")
    return Upload("picture.png", content.getvalue(), "image/png")


def agreement(world: World, user: User) -> Kwargs:
    return {"pk": world.near.agreement.pk}


REASON: Final = body(reason="because of the test")
REASONS: Final = body(reasons=[{"field": "name", "code": "unclear", "words": "say more"}])
PERSON_BODY: Final = {"name": "新人", "email": "newcomer@near.example", "phone": "", "role": "merchant_operator", "language": "en"}


def new_person(world: World, user: User) -> Kwargs:
    return PERSON_BODY | {"phone": None, "organisation": world.near.merchant.code}


def new_organisation(world: World, user: User) -> Kwargs:
    given = {"kind": "lab", "name": "新实验室", "code": "NEWLAB", "credit_code": "", "person_name": "新人", "email": "lab@new.example"}
    return given | {"role": "lab_analyst", "language": "en"}


def entry(world: World, user: User) -> Kwargs:
    return {"pk": world.near.entry.pk}


HOUSE: Final = {
    "home": Case(),
    "health": Case(),
    "set-language": Case(body=body(language="en")),
    "api:schema": Case(),
    "api:docs": Case(),
    "guide": Case(mine=lambda world, user: {"page": "parts"}, for_all=True),
}
ACCOUNTS: Final = {
    "account_login": Case(),
    "account_logout": Case(leads_away=True),
    "account_inactive": Case(),
    "account_reauthenticate": Case(),
    "account_change_password": Case(),
    "account_reset_password": Case(),
    "account_reset_password_done": Case(),
    "account_reset_password_from_key": Case(
        mine=lambda world, user: {"uidb36": user_pk_to_url_str(world.near.owner), "key": "x-y"}, for_all=True
    ),
    "account_reset_password_from_key_done": Case(),
    "mfa_index": Case(),
    "mfa_authenticate": Case(leads_away=True),
    "mfa_reauthenticate": Case(),
    "mfa_activate_totp": Case(),
    "mfa_deactivate_totp": Case(),
    "mfa_view_recovery_codes": Case(),
    "mfa_generate_recovery_codes": Case(),
    "mfa_download_recovery_codes": Case(),
    "accounts:register": Case(),
    "accounts:registered": Case(),
    "accounts:join": Case(
        mine=lambda world, user: {"token": invitation_token(world.near.invitation)},
        for_all=True,
        body=body(password="one more long password"),
        leads_away=True,
        shows_clear=True,
    ),
    "accounts:me": Case(body=body(name="阿明", phone="", language="en", timezone="UTC")),
    "accounts:end-session": Case(**own("handle", key="handle", attribute="")),
    "accounts:end-other-sessions": Case(),
    "accounts:keys": Case(),
    "accounts:make-key": Case(body=body(name="ERP", scopes=["account:read"], days="30")),
    "accounts:rotate-key": Case(**own("key")),
    "accounts:revoke-key": Case(**own("key")),
    "accounts:members": Case(filters={"organisation": lambda world: world.far.merchant.code}),
    "accounts:member": Case(**member(lambda side: side.colleague)),
    "accounts:invite": Case(**pk_of(lambda side: side.merchant, key="code", attribute="code"), body=lambda world, user: dict(PERSON_BODY)),
    "accounts:invite-again": Case(**member(lambda side: side.invited)),
    "accounts:change-role": Case(**member(lambda side: side.colleague), body=body(role="merchant_owner")),
    "accounts:deactivate": Case(**member(lambda side: side.colleague), body=REASON),
    "accounts:reactivate": Case(**member(lambda side: side.left), body=REASON),
    "accounts:reveal": Case(**member(lambda side: side.colleague), body=REASON, shows_clear=True),
    "accounts:remove-second-factor": Case(**member(lambda side: side.owner), body=REASON),
    "accounts:organisations": Case(),
    "accounts:create-organisation": Case(body=new_organisation),
    "api:registration-list": Case(),
    "api:invitation-accept": Case(),
    "api:me": Case(body=body(language="en")),
    "api:session-list": Case(),
    "api:session-end": Case(**own("handle", attribute="")),
    "api:session-end-others": Case(),
    "api:key-list": Case(body=body(name="ERP", scopes=["account:read"], days=30)),
    "api:key-detail": Case(**own("key", overseen=True)),
    "api:key-rotate": Case(**own("key")),
    "api:key-revoke": Case(**own("key")),
    "api:member-list": Case(body=new_person, plants={"organisation": lambda world: world.far.merchant.code}),
    "api:member-detail": Case(**member(lambda side: side.colleague)),
    "api:member-invite-again": Case(**member(lambda side: side.invited)),
    "api:member-change-role": Case(**member(lambda side: side.colleague), body=body(role="merchant_owner")),
    "api:member-deactivate": Case(**member(lambda side: side.colleague), body=REASON),
    "api:member-reactivate": Case(**member(lambda side: side.left), body=REASON),
    "api:member-remove-second-factor": Case(**member(lambda side: side.owner), body=REASON),
    "api:member-reveal": Case(**member(lambda side: side.colleague), body=REASON, shows_clear=True),
    "api:organisation-list": Case(body=new_organisation),
    "api:organisation-detail": Case(**pk_of(lambda side: side.merchant, key="code", attribute="code")),
}
JOB: Final = {"mine": lambda world, user: {"pk": world.job.pk}, "for_all": True}
EVENTS: Final = {
    "events:jobs": Case(),
    "events:restart-job": Case(**JOB, body=REASON),
    "events:trail": Case(),
    "api:job-list": Case(),
    "api:job-detail": Case(**JOB),
    "api:job-restart": Case(**JOB, body=REASON),
    "api:event-list": Case(),
    "notices:list": Case(),
    "notices:open": Case(**own("notice")),
    "notices:read-all": Case(),
    "api:notice-list": Case(),
    "api:notice-read": Case(body=body(notices=[1])),
    "replay:show": Case(),
    "replay:start": Case(),
    "runs:list": Case(),
    "runs:show": Case(**own("run", by_organisation=True)),
    "runs:progress": Case(**own("run", by_organisation=True)),
    "runs:cancel": Case(**own("run", by_organisation=True)),
    "api:run-list": Case(),
    "api:run-detail": Case(**own("run", by_organisation=True)),
    "api:run-cancel": Case(**own("run", by_organisation=True)),
    "files:show": Case(**own("file", by_organisation=True)),
    "api:file-list": Case(body=lambda world, user: {"file": picture()}),
    "api:file-detail": Case(**own("file", by_organisation=True)),
    "api:file-content": Case(**own("file", by_organisation=True)),
}
PRODUCT: Final = pk_of(lambda side: side.product)
PRODUCT_BODY: Final = body(sku="NEW-1", name="新品", category="skincare", price="10.00")


def import_of(world: World, user: User) -> Kwargs:
    is_operator = user.role == Role.MERCHANT_OPERATOR
    return {"pk": (world.near.operators_import if is_operator else world.near.product_import).pk}


PRODUCT_IMPORT: Final = {**pk_of(lambda side: side.product_import), "mine": import_of}


def product_file(world: World, user: User) -> Kwargs:
    return {"file": Upload("products.csv", as_csv([row(9)]), "text/csv")}


DRAFT: Final = pk_of(lambda side: side.draft)
SUBMITTED: Final = pk_of(lambda side: side.submitted)


def standing_rules(world: World, user: User) -> Kwargs:
    """A version that everybody may read; to whom keeps the rules a draft, so that it may be changed."""
    return drafted_rules(world, user) if user.role == Role.PLATFORM_ADMIN else {"pk": world.rules.category.versions.get(number=1).pk}


def drafted_rules(world: World, user: User) -> Kwargs:
    return {"pk": world.rules.pk}


VERSION: Final = {"mine": drafted_rules, "for_all": True}
CATEGORY: Final = {"mine": lambda world, user: {"code": world.rules.category.code}, "for_all": True}
CATEGORIES: Final = {
    "categories:list": Case(),
    "categories:show": Case(**CATEGORY),
    "categories:draft": Case(**CATEGORY),
    "categories:version": Case(**VERSION),
    "categories:redraft": Case(**VERSION),
    "categories:activate": Case(**VERSION, body=body(digest="0" * 64, accepts="on")),
    "categories:discard": Case(**VERSION),
    "api:category-version-list": Case(
        body=body(category=lambda world: world.rules.category.code, effective_from="2099-01-01"), common=frozenset({"category"})
    ),
    "api:category-version-detail": Case(mine=standing_rules, for_all=True, body=body(revision=1, badge_days=30)),
    "api:category-version-impact": Case(**VERSION),
    "api:category-version-activate": Case(**VERSION, body=body(digest="0" * 64)),
    "api:category-version-discard": Case(**VERSION),
}
PRODUCTS: Final = {
    "products:list": Case(),
    "products:show": Case(**PRODUCT),
    "products:export": Case(),
    "imports:list": Case(body=product_file),
    "imports:template": Case(),
    "imports:show": Case(**PRODUCT_IMPORT),
    "imports:bring-in": Case(**PRODUCT_IMPORT),
    "imports:check-again": Case(**PRODUCT_IMPORT),
    "api:product-import-list": Case(body=product_file),
    "api:product-import-detail": Case(**PRODUCT_IMPORT),
    "api:product-import-flaws": Case(**PRODUCT_IMPORT),
    "api:product-import-bring-in": Case(**PRODUCT_IMPORT),
    "api:product-import-check-again": Case(**PRODUCT_IMPORT),
    "products:create": Case(body=PRODUCT_BODY),
    "products:edit": Case(**PRODUCT),
    "products:attributes": Case(),
    "products:gtin": Case(),
    "products:keep-new-draft": Case(body=PRODUCT_BODY),
    "products:drop-new-draft": Case(),
    "products:keep-draft": Case(**PRODUCT),
    "products:drop-draft": Case(**PRODUCT),
    "api:category-list": Case(),
    "api:product-list": Case(body=PRODUCT_BODY, common=frozenset({"category"})),
    "api:product-export": Case(),
    "api:product-detail": Case(**PRODUCT, body=body(version=1, name="新名"), common=frozenset({"category"})),
    "api:product-picture": Case(**PRODUCT, body=lambda world, user: {"file": picture()}),
    "enrollment:list": Case(),
    "enrollment:show": Case(**DRAFT),
    "enrollment:create": Case(),
    "enrollment:edit": Case(**DRAFT),
    "enrollment:check": Case(**DRAFT),
    "enrollment:start": Case(**pk_of(lambda side: side.spare)),
    "enrollment:withdraw": Case(**DRAFT),
    "enrollment:of-product": Case(**PRODUCT),
    "enrollment:queue": Case(),
    "enrollment:review": Case(**SUBMITTED),
    "enrollment:claim": Case(**SUBMITTED),
    "enrollment:release-claim": Case(**SUBMITTED),
    "enrollment:approve": Case(**SUBMITTED),
    "enrollment:return-for-changes": Case(**SUBMITTED),
    "enrollment:reject": Case(**SUBMITTED),
    "api:enrolment-list": Case(
        body=body(product=lambda world: world.near.spare.pk),
        plants={"product": lambda world: world.far.spare.pk},
        filters={"product": lambda world: world.far.product.pk},
    ),
    "api:enrolment-detail": Case(**SUBMITTED),
    "api:enrolment-outlook": Case(**SUBMITTED),
    "api:agreement-list": Case(),
    "api:agreement-detail": Case(mine=agreement, for_all=True),
    "api:agreement-accept": Case(
        mine=agreement,
        for_all=True,
        body=lambda world, user: {"sha256": world.near.agreement.sha256, "name": user.name},
    ),
    "api:enrolment-submit": Case(**DRAFT),
    "api:enrolment-withdraw": Case(**DRAFT),
    "api:enrolment-claim": Case(**SUBMITTED),
    "api:enrolment-release-claim": Case(**SUBMITTED),
    "api:enrolment-approve": Case(**SUBMITTED),
    "api:enrolment-return-for-changes": Case(**SUBMITTED, body=REASONS),
    "api:enrolment-reject": Case(**SUBMITTED, body=REASONS),
}
PAPER: Final = pk_of(lambda side: side.paper)
ENTRY: Final = pk_of(lambda side: side.programme_entry)
SHOP: Final = pk_of(lambda side: side.merchant)
SHOP_BY_CODE: Final = pk_of(lambda side: side.merchant, key="code", attribute="code")
EVIDENCE: Final = body(evidence="because of the test")
NEW_RULES: Final = body(version="2099-01", from_date="2099-01-01", because="x")


def rules(world: World, user: User) -> Kwargs:
    return {"pk": EntryRules.objects.order_by("pk")[0].pk if world.near.paper else 0}


def new_paper(world: World, user: User) -> Kwargs:
    given = {"kind": "trademark", "number": "12345678", "issuer": "x", "brand": "y", "from_date": "2026-01-01"}
    if user.organisation_id != world.near.merchant.pk:
        return given
    covered = {"scope": "products", "products": [world.near.product.pk], "replaces": world.near.paper.pk}
    return given | covered | {"file": world.own[user.pk].file.pk}


CERTIFICATE: Final = pk_of(lambda side: side.certificate)
CONFLICT: Final = {"mine": lambda world, user: {"pk": world.conflict.pk}, "for_all": True}


def new_certificate(world: World, user: User) -> Kwargs:
    given = {"kind": "test_report", "number": f"N-{user.pk}", "issuer": "x", "holder": "y", "issued_date": "2026-01-01"}
    mine = user.organisation_id == world.near.merchant.pk
    return given | {"products": [world.near.product.pk], "file": world.own[user.pk].file.pk} if mine else given


CERTIFICATES: Final = {
    "certificates:list": Case(),
    "certificates:create": Case(),
    "certificates:queue": Case(),
    "certificates:show": Case(**CERTIFICATE),
    "certificates:decide": Case(**CERTIFICATE, body=body(reason="x", verdict="reject")),
    "certificates:attach": Case(**CERTIFICATE),
    "certificates:detach": Case(
        mine=lambda world, user: {"pk": world.near.certificate.pk, "product": world.near.spare.pk},
        theirs=lambda world, user: {"pk": world.far.certificate.pk, "product": world.far.spare.pk},
    ),
    "certificates:of-product": Case(**PRODUCT),
    "certificates:conflicts": Case(),
    "certificates:conflict": Case(**CONFLICT),
    "api:certificate-list": Case(
        body=new_certificate,
        plants={"file": lambda world: world.far_own.file.pk, "products": lambda world: world.far.product.pk},
        filters={"product": lambda world: world.far.product.pk},
    ),
    "api:certificate-detail": Case(**CERTIFICATE),
    "api:certificate-attach": Case(
        **CERTIFICATE,
        body=lambda world, user: {"products": [world.near.spare.pk]},
        plants={"products": lambda world: world.far.spare.pk},
    ),
    "api:certificate-detach": Case(
        **CERTIFICATE,
        body=lambda world, user: {"product": world.near.spare.pk},
        plants={"product": lambda world: world.far.spare.pk},
    ),
    "api:certificate-verify": Case(**CERTIFICATE, body=REASON),
    "api:certificate-reject": Case(**CERTIFICATE, body=REASON),
    "api:certificate-suspend": Case(**CERTIFICATE, body=REASON),
    "api:certificate-withdraw": Case(**CERTIFICATE, body=REASON),
    "api:certificate-reinstate": Case(**CERTIFICATE, body=REASON),
    "api:certificate-conflict-list": Case(),
    "api:certificate-conflict-detail": Case(**CONFLICT),
    "api:certificate-conflict-decide": Case(**CONFLICT, body=body(keep="both", reason="x")),
}
QUALIFICATION: Final = {
    "qualification:show": Case(),
    "qualification:enter": Case(mine=lambda world, user: {"kind": "food_licence"}, for_all=True),
    "qualification:apply": Case(),
    "qualification:queue": Case(),
    "qualification:paper": Case(**PAPER),
    "qualification:verify": Case(**PAPER),
    "qualification:send-back": Case(**PAPER, body=body(**{"code-file": "unreadable"})),
    "qualification:merchants": Case(),
    "qualification:merchant": Case(**SHOP),
    "qualification:admit": Case(**ENTRY, body=EVIDENCE),
    "qualification:refuse": Case(**ENTRY, body=EVIDENCE),
    "qualification:clear-out": Case(**SHOP, body=REASON),
    "qualification:rules": Case(),
    "qualification:new-rules": Case(),
    "api:paper-list": Case(
        body=new_paper,
        plants={
            "file": lambda world: world.far_own.file.pk,
            "products": lambda world: world.far.product.pk,
            "replaces": lambda world: world.far.paper.pk,
        },
        common=frozenset({"categories"}),
        filters={"merchant": lambda world: world.far.merchant.code},
    ),
    "api:paper-detail": Case(**PAPER),
    "api:paper-verify": Case(**PAPER),
    "api:paper-send-back": Case(**PAPER, body=body(objections=[{"field": "file", "code": "unreadable"}])),
    "api:entry-list": Case(
        body=body(product=lambda world: world.near.spare.pk),
        plants={"product": lambda world: world.far.spare.pk},
        filters={"merchant": lambda world: world.far.merchant.code},
    ),
    "api:entry-detail": Case(**ENTRY),
    "api:entry-admit": Case(**ENTRY, body=EVIDENCE),
    "api:entry-refuse": Case(**ENTRY, body=REASON),
    "api:entry-rule-list": Case(body=NEW_RULES),
    "api:entry-rule-detail": Case(mine=rules, for_all=True),
    "api:qualification-list": Case(),
    "api:qualification-detail": Case(**SHOP_BY_CODE),
    "api:qualification-clear-out": Case(**SHOP_BY_CODE, body=REASON, plants={"product": lambda world: world.far.product.pk}),
}
CLAIM: Final = pk_of(lambda side: side.claim)
CLAIM_BODY: Final = {"kind": "efficacy", "said_by": "page", "text": "清洁温和"}
FINDING: Final = body(grade="alleged", source="press", words="视频称不含", found_date="2026-11-01")
CLAIMS: Final = {
    "claims:of-product": Case(**PRODUCT),
    "claims:create": Case(**pk_of(lambda side: side.spare), body=body(**CLAIM_BODY)),
    "claims:check": Case(**PRODUCT, body=body(text="清洁温和")),
    "claims:show": Case(**CLAIM),
    "claims:attach": Case(**CLAIM, body=body(basis="stated")),
    "claims:retract": Case(**pk_of(lambda side: side.stated)),
    "claims:withdraw": Case(**CLAIM),
    "claims:find": Case(**CLAIM, body=FINDING),
    "api:claim-list": Case(
        body=body(**CLAIM_BODY, product=lambda world: world.near.spare.pk),
        plants={"product": lambda world: world.far.spare.pk},
        filters={"product": lambda world: world.far.product.pk},
    ),
    "api:claim-detail": Case(**CLAIM),
    "api:claim-attach": Case(
        **CLAIM,
        body=body(basis="stated"),
        plants={"file": lambda world: world.far_own.file.pk, "certificate": lambda world: world.far.certificate.pk},
    ),
    "api:claim-retract": Case(
        **CLAIM, body=body(evidence=lambda world: world.near.stated.pk), plants={"evidence": lambda world: world.far.stated.pk}
    ),
    "api:claim-withdraw": Case(**CLAIM),
    "api:claim-find": Case(**CLAIM, body=FINDING),
    "api:claim-check": Case(body=body(text="清洁温和"), common=frozenset({"category"})),
}


def sealed() -> int:
    """Return how many entries of the log are signed; at least one."""
    sequence_new_entries(at=timezone.now())
    return Checkpoint.objects.order_by("-number")[0].size


BADGE: Final = pk_of(lambda side: side.badge)
PUBLIC_BADGE: Final = {"mine": lambda world, user: {"code": world.near.badge.code}, "for_all": True}


def bar_code(world: World) -> str:
    """Return a bar code of the near side alone: whoever scans one that several sellers have is shown them all, which is no secret."""
    product = world.near.badge.product
    type(product).objects.filter(pk=product.pk).update(gtin="04006381333931")
    return "04006381333931"


BADGES: Final = {
    "badges:ask": Case(),
    "badges:verify": Case(**PUBLIC_BADGE),
    "badges:square-code": Case(**PUBLIC_BADGE),
    "badges:picture": Case(**PUBLIC_BADGE),
    "badges:credential": Case(**PUBLIC_BADGE),
    "badges:bundle": Case(mine=lambda world, user: {"code": world.near.badge.code} if sealed() else None, for_all=True),
    "badges:keys": Case(),
    "badges:embed": Case(**PUBLIC_BADGE),
    "badges:oembed": Case(),
    "badges:status-list": Case(mine=lambda world, user: {"purpose": "revocation", "number": 0}, for_all=True),
    "badges:of-product": Case(mine=lambda world, user: {"gtin": bar_code(world)}, for_all=True),
    "badges:of-product-code": Case(mine=lambda world, user: {"gtin": "06901234567892", "code": world.near.badge.code}, for_all=True),
    "badges:of-lot": Case(
        mine=lambda world, user: {"gtin": world.near.badge.product.gtin, "lot": world.near.badge.lot_number}, for_all=True
    ),
    "badges:of-lot-code": Case(
        mine=lambda world, user: {"gtin": "06901234567892", "lot": "A/1", "code": world.near.badge.code}, for_all=True
    ),
    "badges:reissue": Case(**BADGE, body=REASON),
    "badges:snippet": Case(**BADGE),
    "api:badge-reissue": Case(**BADGE, body=REASON),
    "badges:list": Case(),
    "badges:revoke": Case(**BADGE, body=REASON),
    "api:badge-list": Case(),
    "api:badge-detail": Case(**BADGE),
    "api:badge-revoke": Case(**BADGE, body=REASON),
    "api:verify": Case(**PUBLIC_BADGE),
}

SEALED: Final = {"for_all": True}
LOG: Final = {
    "evidence:log": Case(),
    "evidence:key": Case(),
    "evidence:checkpoint": Case(mine=lambda world, user: {} if sealed() else None, **SEALED),
    "evidence:checkpoint-of-size": Case(mine=lambda world, user: {"size": sealed()}, **SEALED),
    "evidence:check": Case(),
    "evidence:check-alone": Case(),
    "evidence:of-product": Case(**PRODUCT),
    "evidence:bundle-of-product": Case(**PRODUCT),
    "api:checkpoint-list": Case(mine=lambda world, user: {} if sealed() else None, **SEALED),
    "api:checkpoint-detail": Case(mine=lambda world, user: {"size": sealed()}, **SEALED),
    "api:checkpoint-inclusion": Case(mine=lambda world, user: {"size": sealed(), "seq": 0}, **SEALED),
    "api:checkpoint-consistency": Case(mine=lambda world, user: {"size": sealed(), "old": 1}, **SEALED),
}
NOTICE: Final = pk_of(lambda side: side.notice)
CLOSING: Final = pk_of(lambda side: side.closing)
LOT: Final = pk_of(lambda side: side.accepted.lot)
HELD_LOT: Final = pk_of(lambda side: side.held_lot)
PLACED: Final = body(source="", target="B-01", quantity=1, reference=lambda world: world.near.bin.code)
COUNT: Final = pk_of(lambda side: side.count)
ENDING: Final = pk_of(lambda side: side.ending)


def life_rule(world: World, user: User) -> Kwargs:
    given = {"purpose": "sell", "category": "skincare", "channel": "douyin", "days": 60, "share": "0.1000"}
    return given | {"from_date": (world.at + timedelta(days=5)).date().isoformat()}


INSPECTION: Final = pk_of(lambda side: side.inspection)
CLAIMED: Final = pk_of(lambda side: side.claimed)
RECEIVED: Final = {"code": "6901234567892", "lot_number": "near-A", "quantity": 5, "message": "access-1", "expiry_date": "2029-11-04"}


DISCREPANCY: Final = pk_of(lambda side: side.discrepancy)
SLOTTED: Final = pk_of(lambda side: side.slotted)
OPENED: Final = body(first_day="2099-12-01", last_day="2099-12-01", begins="08:00", ends="10:00", minutes=60, capacity=2)
SETTLED: Final = body(resolution="sent_back", note="the driver took them along")
REPORTED: Final = body(kind="damaged", code="6901234567892", lot_number="near-A", quantity=2, message="access-2")


def new_shipment(world: World, user: User) -> Kwargs:
    line = {"product": world.near.accepted.lot.product_id, "lot_number": "N-1", "quantity": 5, "expiry_date": "2029-11-04"}
    return {"warehouse": world.near.warehouse.code, "reference": "NEW-1", "expected_date": "2026-12-01", "lines": [line]}


def failing_unit(world: World, user: User) -> Kwargs:
    return {"units": [{"number": 1, "is_conforming": False, "defects": ["deformed"], "photos": [world.own[user.pk].file.pk]}]}


def notice_file(world: World, user: User) -> Kwargs:
    sku, day = world.near.accepted.product.sku, "2099-12-01"
    row = (f"FILE-{user.pk}", world.near.warehouse.code, day, sku, "F-1", "", "2101-11-04", 5, 1, "")
    return {"file": Upload("notices.csv", goods.notice_file(row), "text/csv")}


GOODS: Final = {
    "inbound:list": Case(),
    "inbound:create": Case(),
    "inbound:of-lot": Case(**LOT),
    "inbound:show": Case(**NOTICE),
    "inbound:cancel": Case(**NOTICE),
    "inbound:receive": Case(**NOTICE, body=lambda world, user: dict(RECEIVED)),
    "inbound:close": Case(**CLOSING, body=REASON),
    "inbound:report": Case(**NOTICE, body=REPORTED),
    "inbound:file": Case(body=notice_file),
    "inbound:slots": Case(body=OPENED),
    "inbound:book": Case(**NOTICE, body=lambda world, user: {"slot": world.near.slot.pk}),
    "inbound:give-up-slot": Case(**SLOTTED),
    "inbound:discrepancies": Case(),
    "inbound:discrepancy": Case(**DISCREPANCY),
    "inbound:settle": Case(**DISCREPANCY, body=SETTLED),
    "inbound:hand-over": Case(**DISCREPANCY, body=lambda world, user: {"owner": user.pk}),
    "stock:list": Case(),
    "stock:show": Case(**LOT),
    "stock:bins": Case(body=body(code="N-01", kind="picking")),
    "stock:counts": Case(body=body(bins="B-", lot_number="", is_blind="on")),
    "stock:count": Case(**COUNT, body=nothing),
    "stock:settle-count": Case(**COUNT, body=body(cancel="1")),
    "stock:ending": Case(),
    "stock:look-after": Case(**ENDING),
    "stock:decide-ending": Case(**ENDING, body=body(deed="send_back", note="")),
    "stock:life-rules": Case(body=life_rule),
    "stock:reconciliation": Case(),
    "stock:place": Case(**LOT, body=PLACED),
    "stock:hold": Case(**LOT, body=REASON),
    "stock:recall": Case(**LOT, body=REASON),
    "stock:let-go": Case(**HELD_LOT, body=body(reason="looked at it", hold="1")),
    "api:warehouse-list": Case(),
    "api:shipment-list": Case(body=new_shipment, plants={"lines.product": lambda world: world.far.accepted.lot.product_id}),
    "api:shipment-detail": Case(**NOTICE),
    "api:shipment-cancel": Case(**NOTICE),
    "api:shipment-receive": Case(**NOTICE, body=lambda world, user: dict(RECEIVED)),
    "api:shipment-close": Case(**CLOSING, body=REASON),
    "api:shipment-file": Case(body=notice_file),
    "api:shipment-report": Case(**NOTICE, body=REPORTED),
    "api:shipment-book-slot": Case(**NOTICE, body=lambda world, user: {"slot": world.near.slot.pk}, common=frozenset({"slot"})),
    "api:shipment-give-up-slot": Case(**SLOTTED),
    "api:slot-list": Case(body=OPENED),
    "api:discrepancy-list": Case(filters={"notice": lambda world: world.far.notice.pk}),
    "api:discrepancy-detail": Case(**DISCREPANCY),
    "api:discrepancy-settle": Case(**DISCREPANCY, body=SETTLED),
    "api:discrepancy-hand-over": Case(
        **DISCREPANCY,
        body=lambda world, user: {"owner": user.pk},
        plants={"owner": lambda world: world.far.people[Role.WAREHOUSE_OPERATOR].pk},
    ),
    "api:lot-list": Case(filters={"product": lambda world: world.far.product.pk}),
    "api:lot-detail": Case(**LOT),
    "api:lot-place": Case(**LOT, body=PLACED),
    "api:lot-hold": Case(**LOT, body=REASON),
    "api:lot-recall": Case(**LOT, body=REASON),
    "api:lot-let-go": Case(**HELD_LOT, body=body(stop="hold", reason="looked at it")),
    "api:lot-reconciliation": Case(),
    "api:count-list": Case(body=body(bins="B-", lot_number="", is_blind=True)),
    "api:count-detail": Case(**COUNT),
    "api:count-record": Case(**COUNT, body=body(lines=[])),
    "api:count-settle": Case(**COUNT, body=body(how="cancel")),
    "api:ending-lot-list": Case(),
    "api:ending-lot-detail": Case(**ENDING),
    "api:ending-lot-look-after": Case(**ENDING),
    "api:ending-lot-decide": Case(**ENDING, body=body(deed="send_back", note="")),
    "api:life-rule-list": Case(body=life_rule, common=frozenset({"category"})),
    "api:bin-list": Case(body=body(code="N-02", kind="picking")),
    "api:bin-detail": Case(**pk_of(lambda side: side.bin)),
    "promises:of-notice": Case(**NOTICE),
    "promises:report": Case(),
    "api:inspection-promise-list": Case(filters={"notice": lambda world: world.far.notice.pk}),
    "api:inspection-promise-report": Case(),
    "inspections:list": Case(),
    "inspections:show": Case(**INSPECTION),
    "inspections:of-lot": Case(**LOT),
    "inspections:claim": Case(**INSPECTION),
    "inspections:give-back": Case(**CLAIMED),
    "inspections:work": Case(**CLAIMED),
    "inspections:record": Case(**CLAIMED),
    "inspections:take-back": Case(**CLAIMED),
    "inspections:points": Case(**CLAIMED),
    "api:inspection-list": Case(filters={"lot": lambda world: world.far.accepted.lot_id}),
    "api:inspection-detail": Case(**INSPECTION),
    "api:inspection-claim": Case(**INSPECTION),
    "api:inspection-give-back": Case(**CLAIMED),
    "api:inspection-record-units": Case(
        **CLAIMED,
        body=failing_unit,
        plants={"units.photos": lambda world: world.far_own.file.pk},
    ),
    "api:inspection-take-back-unit": Case(**CLAIMED, body=body(number=1)),
    "api:inspection-answer-points": Case(
        **CLAIMED,
        body=lambda world, user: {"answers": {}, "photos": [{"point": "label", "files": [world.own[user.pk].file.pk]}]},
        plants={"photos.files": lambda world: world.far_own.file.pk},
    ),
    "api:defect-list": Case(),
}
TO_PICK: Final = pk_of(lambda side: side.parcels["to_pick"])
TO_PACK: Final = pk_of(lambda side: side.parcels["to_pack"])
PACKED: Final = pk_of(lambda side: side.parcels["packed"])
CLOSED: Final = pk_of(lambda side: side.parcels["closed"])
HEAVY: Final = pk_of(lambda side: side.parcels["heavy"])
PLANNED_WAVE: Final = pk_of(lambda side: side.waves["planned"])
WALKED_WAVE: Final = pk_of(lambda side: side.waves["picking"])
ORDER: Final = pk_of(lambda side: side.parcels["to_pick"].order)
SCANNED: Final = body(code="6901234567892", lot_number="near-W", quantity=1)


def proposed_on(pick: Callable[[World], Side]) -> Callable[[World, User], Kwargs]:
    def found(world: World, user: User) -> Kwargs:
        parcel = pick(world).parcels["to_pick"]
        return {"pk": parcel.pk, "allocation": parcel.allocations.get().pk}

    return found


PROPOSED: Final = {"mine": proposed_on(lambda world: world.near), "theirs": proposed_on(lambda world: world.far)}


def other_lot(world: World, user: User) -> Kwargs:
    allocation = world.near.parcels["to_pick"].allocations.get()
    return {"allocation": allocation.pk, "lot": allocation.lot_id, "reason": "damaged"}


def new_order(world: World, user: User) -> Kwargs:
    line = {"number": 1, "product": world.near.accepted.lot.product_id, "quantity": 1, "unit_price": "59.90", "freight": "6.00"}
    place = {
        "name": "肖敏",
        "phone": "13812345678",
        "province": "浙江省",
        "city": "杭州市",
        "district": "萧山区",
        "address": "市心中路 288 号",
    }
    moments = dict.fromkeys(("ordered_at", "paid_at", "ship_by", "promised_at"), "2026-11-20T12:00:00Z")
    return {"orders": [{"number": "N-1", "marketplace_state": "paid", "recipient": place, "lines": [line]} | moments]}


ORDERS: Final = {
    "orders:list": Case(),
    "orders:show": Case(**ORDER),
    "orders:cancel": Case(**ORDER, body=REASON),
    "orders:reveal": Case(**ORDER, body=REASON),
    "orders:parcels": Case(),
    "orders:parcel": Case(**PACKED),
    "orders:of-lot": Case(**LOT),
    "orders:pick-list": Case(body=lambda world, user: {"parcel": [world.near.parcels["to_pick"].pk]}),
    "orders:station": Case(),
    "orders:pack": Case(**TO_PACK, body=SCANNED),
    "orders:seal": Case(**TO_PACK, body=body(measured_weight_g=300)),
    "orders:wave": Case(**PLANNED_WAVE, body=body(start="1")),
    "orders:record": Case(**PACKED, body=body(video_reference="camera 3, 14:05")),
    "orders:accept-weight": Case(**HEAVY, body=REASON),
    "orders:unpack": Case(**PACKED, body=REASON),
    "orders:give-up": Case(**PACKED, body=REASON),
    "orders:other-lot": Case(**PROPOSED, body=nothing),
    "api:order-list": Case(body=new_order),
    "api:order-detail": Case(**ORDER),
    "api:order-cancel": Case(**ORDER, body=REASON),
    "api:order-reveal": Case(**ORDER, body=REASON),
    "api:parcel-list": Case(),
    "api:parcel-detail": Case(**PACKED),
    "api:parcel-start-picking": Case(**TO_PICK),
    "api:parcel-pick": Case(**TO_PICK),
    "api:parcel-scan": Case(**TO_PACK, body=SCANNED),
    "api:parcel-pack": Case(**TO_PACK, body=body(measured_weight_g=300)),
    "api:parcel-weigh": Case(**CLOSED, body=body(measured_weight_g=300)),
    "api:parcel-accept-weight": Case(**HEAVY, body=REASON),
    "api:parcel-record": Case(
        **PACKED, body=body(photos=[], video_reference="camera 3, 14:05"), plants={"photos": lambda world: world.far_own.file.pk}
    ),
    "api:wave-list": Case(
        body=lambda world, user: {"parcels": [world.near.parcels["to_pick"].pk]},
        plants={"parcels": lambda world: world.far.parcels["to_pick"].pk},
    ),
    "api:wave-detail": Case(**PLANNED_WAVE),
    "api:wave-start": Case(**PLANNED_WAVE),
    "api:wave-fetch": Case(**WALKED_WAVE, body=lambda world, user: {"code": world.near.parcels["in_round"].allocations.get().lot.number}),
    "api:wave-finish": Case(**WALKED_WAVE, body=body(left_out=[]), plants={"left_out": lambda world: world.far.parcels["in_round"].pk}),
    "api:wave-cancel": Case(**PLANNED_WAVE),
    "api:parcel-unpack": Case(**PACKED, body=REASON),
    "api:parcel-give-up": Case(**PACKED, body=REASON),
    "api:parcel-other-lot": Case(**TO_PICK, body=other_lot),
    "api:parcel-label": Case(**PACKED),
}
WAYBILL: Final = pk_of(lambda side: side.waybill)


def own_service(world: World, user: User) -> Kwargs | None:
    """Warehouses know every service, a courier its own."""
    return {"pk": world.far.service.pk} if user.role == Role.COURIER_AGENT else None


SERVICE: Final[dict[str, Maker]] = {"mine": lambda world, user: {"pk": world.near.service.pk}, "theirs": own_service}
TERMS: Final = body(provinces=["33"], certified_until=None, is_active=True)
NEW_BANDS: Final = [
    {"zone": zone, "first_weight_g": 1000, "first_fee": "5.00", "step_weight_g": 1000, "step_fee": "2.00", "days": 3}
    for zone in ("local", "near", "middle", "far", "remote")
]
PRICES: Final = body(name="next", valid_from="2027-01-01", bands=NEW_BANDS)


def new_service(world: World, user: User) -> Kwargs:
    given = {"courier": world.near.service.courier.code, "code": "new", "name": "新件", "company_code": "jd", "adapter": "simulated"}
    return given | {"valid_from": "2026-01-01", "bands": NEW_BANDS}


def courier_event(world: World, user: User) -> Kwargs:
    event = {"number": world.near.waybill.number, "key": "access", "status": "picked_up", "occurred_at": "2026-11-20T12:00:00Z"}
    return {"events": [event]}


FAR_PARCEL: Final = {"parcels": lambda world: world.far.waybill.parcel_id}
LOGISTICS: Final = {
    "couriers:list": Case(),
    "couriers:show": Case(**SERVICE),
    "couriers:create": Case(),
    "couriers:terms": Case(**SERVICE),
    "couriers:prices": Case(**SERVICE),
    "couriers:origin": Case(),
    "dispatch:desk": Case(),
    "dispatch:book": Case(body=lambda world, user: {"parcels": [world.near.waybill.parcel_id], "rule": "cheapest"}),
    "dispatch:hand-over": Case(body=lambda world, user: {"code": world.near.waybill.number}),
    "dispatch:print": Case(**pk_of(lambda side: side.waybill.parcel), shows_clear=True),
    "dispatch:label": Case(**WAYBILL, shows_clear=True),
    "dispatch:cancel": Case(**WAYBILL, body=REASON),
    "tracking:list": Case(),
    "tracking:show": Case(**WAYBILL),
    "tracking:scan": Case(),
    "api:courier-service-list": Case(body=new_service, common=frozenset({"courier"})),
    "api:courier-service-detail": Case(**SERVICE),
    "api:courier-service-terms": Case(**SERVICE, body=TERMS),
    "api:courier-service-set-prices": Case(**SERVICE, body=PRICES),
    "api:courier-service-quote": Case(body=body(origin="33", destination="31", weight_g=500)),
    "api:waybill-list": Case(body=lambda world, user: {"parcels": [world.near.waybill.parcel_id]}, plants=FAR_PARCEL),
    "api:waybill-detail": Case(**WAYBILL),
    "api:waybill-hand-over": Case(body=lambda world, user: {"parcels": [world.near.waybill.parcel_id]}, plants=FAR_PARCEL),
    "api:waybill-label": Case(**WAYBILL, shows_clear=True),
    "api:waybill-cancel": Case(**WAYBILL, body=REASON),
    "api:courier-event-list": Case(body=courier_event, filters={"waybill": lambda world: world.far.waybill.pk}),
}
ENTRY: Final = {"mine": entry, "for_all": True}
LIST: Final = pk_of(lambda side: side.selection_list)
SHEET: Final = pk_of(lambda side: side.sheet_shown)
ENTRIES: Final = body(entries=lambda world: [world.near.entry.pk])
CATALOG: Final = {
    "catalog:search": Case(),
    "catalog:show": Case(**ENTRY),
    "catalog:compare": Case(),
    "catalog:lists": Case(body=body(name="new list")),
    "catalog:list": Case(**LIST),
    "catalog:choose": Case(body=lambda world, user: {"list": world.near.selection_list.pk, "entry": world.near.entry.pk}),
    "catalog:take-off": Case(**LIST, body=body(entry=lambda world: world.near.entry.pk)),
    "catalog:talk-sheet": Case(**ENTRY, body=body(script="你好")),
    "catalog:kept-sheet": Case(**SHEET),
    "catalog:check-script": Case(body=body(script="你好")),
    "api:catalog-list": Case(common=frozenset({"category"})),
    "api:catalog-detail": Case(**ENTRY),
    "api:catalog-talk-sheet": Case(**ENTRY),
    "api:catalog-check-script": Case(body=body(script="你好")),
    "api:selection-list": Case(body=body(name="new list")),
    "api:selection-detail": Case(**LIST),
    "api:selection-add": Case(**LIST, body=ENTRIES, common=frozenset({"entries"})),
    "api:selection-remove": Case(**LIST, body=ENTRIES, common=frozenset({"entries"})),
    "api:talk-sheet-list": Case(),
    "api:talk-sheet-detail": Case(**SHEET),
}
CASE: Final = pk_of(lambda side: side.case)
DECIDED: Final = pk_of(lambda side: side.decided_case)
BUYERS: Final = {"mine": lambda world, user: {"token": world.near.inquiry}, "for_all": True}
PROPOSED: Final = {"liability": "courier", "is_confirmed": True, "outcome": "none", "reason": "because of the test"}
ASKED: Final = body(order_number="near", phone_tail="1234", kind="damaged", body="It leaks.")


def remedy(world: World, user: User) -> Kwargs:
    return {"pk": world.near.decided_case.pk, "remedy": world.near.decided_case.remedies.get().pk}


def proposed(world: World, user: User) -> Kwargs:
    return PROPOSED | {"evidence": [world.near.case.links.order_by("pk")[0].pk]}


CASES_OF_BUYERS: Final = {
    "cases:list": Case(),
    "cases:show": Case(**CASE),
    "cases:open": Case(),
    "cases:claim": Case(**CASE),
    "cases:give-back": Case(**CASE),
    "cases:pace": Case(**CASE),
    "cases:write": Case(**CASE, body=body(body="Hello")),
    "cases:go-on": Case(**CASE),
    "cases:propose": Case(**CASE),
    "cases:decide": Case(**DECIDED),
    "cases:send-back": Case(**DECIDED, body=REASON),
    "cases:appeal": Case(**DECIDED, body=REASON),
    "cases:finish": Case(mine=remedy, for_all=True, body=body(reference="RF-1")),
    "cases:close": Case(**DECIDED),
    "cases:reopen": Case(**DECIDED, body=REASON),
    "cases:ask": Case(),
    "cases:follow": Case(**BUYERS),
    "cases:answer": Case(**BUYERS, body=body(body="Hello")),
    "cases:object": Case(**BUYERS, body=REASON),
    "cases:rate": Case(**BUYERS, body=body(score="5", comment="")),
    "signals:list": Case(),
    "signals:switch": Case(mine=lambda world, user: {"rule": "silent_parcel"}, for_all=True, body=REASON),
    "diagnosis:of-case": Case(**CASE),
    "api:case-list": Case(
        body=body(number="near-lot", kind="quality", summary="It leaks"), filters={"product": lambda world: world.far.product.pk}
    ),
    "api:case-detail": Case(**CASE),
    "api:case-claim": Case(**CASE),
    "api:case-give-back": Case(**CASE),
    "api:case-pace": Case(**CASE, body=body(policy="urgent")),
    "api:case-write": Case(**CASE, body=body(body="Hello")),
    "api:case-answer": Case(**CASE, body=body(body="Hello")),
    "api:case-go-on": Case(**CASE),
    "api:case-propose": Case(**CASE, body=proposed),
    "api:case-decide": Case(**DECIDED),
    "api:case-send-back": Case(**DECIDED, body=REASON),
    "api:case-appeal": Case(**DECIDED, body=REASON),
    "api:case-finish": Case(**DECIDED, body=lambda world, user: {"remedy": remedy(world, user)["remedy"], "reference": "RF-1"}),
    "api:case-close": Case(**DECIDED),
    "api:case-reopen": Case(**DECIDED, body=REASON),
    "api:inquiry-list": Case(body=ASKED),
    "api:inquiry-detail": Case(**BUYERS),
    "api:inquiry-answer": Case(**BUYERS, body=body(body="Hello")),
    "api:inquiry-appeal": Case(**BUYERS, body=REASON),
    "api:inquiry-rate": Case(**BUYERS, body=body(score=5)),
    "api:rule-list": Case(),
    "api:rule-switch": Case(
        mine=lambda world, user: {"rule": "silent_parcel"}, for_all=True, body=body(is_on=True, reason="because of the test")
    ),
    "api:diagnosis-detail": Case(**CASE),
}
SAMPLE: Final = pk_of(lambda side: side.sample)
ROUND: Final = pk_of(lambda side: side.sample.round)
SEALS: Final = body(seal_number="F1", counter_seal_number="B1", counter_place="R-9")
ARRIVED: Final = body(seal_number="F1", condition="intact")


def scope_of(world: World, user: User) -> Kwargs:
    return {"pk": world.near.scope.pk}


def foreign_scope(world: World, user: User) -> Kwargs | None:
    """Warehouses and the platform see every laboratory's."""
    return {"pk": world.far.scope.pk} if user.role in (Role.LAB_ANALYST, Role.LAB_VERIFIER) else None


def new_scope(world: World, user: User) -> Kwargs:
    lab = world.near.scope.lab
    terms = {"test": "nuts-lead", "mark": "CMA", "accreditation": "L1", "valid_from": "2031-01-01", "valid_until": "2032-01-01"}
    return terms | {"lab": lab.code, "price": "80.00", "turnaround_days": 5, "capacity_per_week": 9}


SCOPE: Final = {"mine": scope_of, "theirs": foreign_scope}
END: Final = body(valid_until="2027-01-01", reason="because of the test")
LABS: Final = {
    "labs:list": Case(),
    "labs:show": Case(**SAMPLE),
    "labs:of-lot": Case(**LOT),
    "labs:rounds": Case(),
    "labs:round": Case(**ROUND),
    "labs:open-round": Case(body=body(size="3")),
    "labs:draw-round": Case(**ROUND),
    "labs:draw": Case(**SAMPLE),
    "labs:seal": Case(**SAMPLE, body=SEALS),
    "labs:dispatch": Case(**SAMPLE),
    "labs:void": Case(**SAMPLE, body=REASON),
    "labs:receive": Case(**SAMPLE, body=ARRIVED),
    "labs:begin": Case(**SAMPLE),
    "labs:enter": Case(**SAMPLE),
    "labs:verify": Case(**SAMPLE),
    "labs:publish": Case(**SAMPLE),
    "labs:retest": Case(**SAMPLE, body=REASON),
    "labs:scopes": Case(),
    "labs:add-scope": Case(),
    "labs:end-scope": Case(**SCOPE, body=END),
    "labs:declare-tie": Case(
        body=body(lab=lambda world: world.near.scope.lab_id, merchant=lambda world: world.near.merchant.pk, because="x")
    ),
    "api:sample-list": Case(filters={"lot": lambda world: world.far.accepted.lot_id}),
    "api:sample-detail": Case(**SAMPLE),
    "api:sample-draw": Case(**SAMPLE),
    "api:sample-seal": Case(**SAMPLE, body=SEALS),
    "api:sample-dispatch": Case(**SAMPLE),
    "api:sample-void": Case(**SAMPLE, body=REASON),
    "api:sample-receive": Case(**SAMPLE, body=ARRIVED),
    "api:sample-begin": Case(**SAMPLE),
    "api:sample-enter-results": Case(**SAMPLE, body=body(results=[{"test": "cosmetics-lead", "reported": "<0.05"}])),
    "api:sample-verify": Case(**SAMPLE, body=body(results=[1])),
    "api:sample-publish": Case(**SAMPLE),
    "api:sample-retest": Case(**SAMPLE, body=REASON),
    "api:round-list": Case(body=body(size=3)),
    "api:round-detail": Case(**ROUND),
    "api:round-draw": Case(**ROUND),
    "api:lab-scope-list": Case(body=new_scope),
    "api:lab-scope-detail": Case(**SCOPE),
    "api:lab-scope-end": Case(**SCOPE, body=END),
    "api:lab-tie-list": Case(
        body=body(lab=lambda world: world.near.scope.lab.code, merchant=lambda world: world.near.merchant.code, because="x")
    ),
    "api:lab-test-list": Case(),
}
ANSWERS_AT_THE_STATION: Final = body(
    **{"a-right_item": "yes", "a-outer_packaging": "intact", "a-label": "yes", "a-seal": "yes", "a-shelf_life": "yes"}
)
IN_ORDER: Final = {"right_item": True, "outer_packaging": "intact", "label": True, "seal": True, "shelf_life": True}
AS_NEW: Final = IN_ORDER | {"complete": True, "condition": "unused", "fault": "none"}
CHECK: Final = pk_of(lambda side: side.returned["check"])
EXPECTED: Final = pk_of(lambda side: side.returned["expected"])
UNKNOWN: Final = pk_of(lambda side: side.returned["unknown"])
HERE: Final = pk_of(lambda side: side.returned["here"])
UNIT: Final = pk_of(lambda side: side.returned["unit"])
GRADED: Final = pk_of(lambda side: side.returned["graded"])


def new_checks(world: World, user: User) -> Kwargs:
    photos = [{"point": "label", "files": [world.own[user.pk].file.pk]}]
    return {"checks": [{"parcel": world.near.returned["packed"].pk, "answers": IN_ORDER, "photos": photos}]}


def inspected(world: World, user: User) -> Kwargs:
    return {"answers": AS_NEW, "photos": [{"point": "label", "files": [world.own[user.pk].file.pk]}]}


def arrived(world: World, user: User) -> Kwargs:
    return {"parcel": world.near.returned["shipped"].pk, "units": [{"code": "BRICK", "lot_number": "?", "quantity": 1}]}


def is_merchants(user: User) -> bool:
    return user.role in MERCHANT


FAILED: Final = pk_of(lambda side: side.failed["row"])
WISH: Final = pk_of(lambda side: side.failed["wish"])
OWN_WISH: Final = {**WISH, "mine": lambda world, user: {"pk": world.near.failed["wish" if is_merchants(user) else "wish_of_lead"].pk}}
TO_CORRECT: Final = pk_of(lambda side: side.demanded["new"])
TO_JUDGE: Final = pk_of(lambda side: side.demanded["submitted"])
DECISION: Final = pk_of(lambda side: side.failed["decision"])
DOWNGRADE: Final = {"kind": "downgrade", "quantity": 1, "reason": "because of the test"}


def answered(world: World, user: User) -> Kwargs:
    """Return what this person may answer to the merchant's wish: it is taken back by those who have it, refused by others."""
    return {"answer": "withdraw"} if is_merchants(user) else {"answer": "refuse", "reason": "because of the test"}


def destroyed(world: World, user: User) -> Kwargs:
    lead, inspector = world.near.people[Role.QC_LEAD], world.near.people[Role.QC_INSPECTOR]
    witness = inspector if user.pk == lead.pk else lead
    return {"quantity": 1, "witness": witness.pk, "photo": world.own[user.pk].file.pk, "certificate_number": "XH-1"}


FAILURES: Final = {
    "quality:board": Case(),
    "quality:figures": Case(),
    "quality:plan": Case(**INSPECTION),
    "quality:show": Case(**TO_JUDGE),
    "quality:submit": Case(**TO_CORRECT, body=body(cause="heat", plan="calibration")),
    "quality:decide": Case(**TO_JUDGE, body=body(answer="approve")),
    "api:corrective-action-list": Case(filters={"product": lambda world: world.far.demanded["new"].product_id}),
    "api:corrective-action-detail": Case(**TO_JUDGE),
    "api:corrective-action-submit": Case(**TO_CORRECT, body=body(cause="heat", plan="calibration")),
    "api:corrective-action-approve": Case(**TO_JUDGE, body=body(reason="seen")),
    "api:corrective-action-send-back": Case(**TO_JUDGE, body=REASON),
    "nonconformance:list": Case(),
    "nonconformance:show": Case(**FAILED),
    "nonconformance:request": Case(**FAILED, body=body(**DOWNGRADE)),
    "nonconformance:decide": Case(**WISH, body=answered),
    "nonconformance:carry-out": Case(**DECISION, body=body(quantity="1")),
    "api:non-conformance-list": Case(filters={"lot": lambda world: world.far.failed["row"].lot_id}),
    "api:non-conformance-detail": Case(**FAILED),
    "api:non-conformance-request": Case(**FAILED, body=body(**DOWNGRADE)),
    "api:disposition-list": Case(filters={"non_conformance": lambda world: world.far.failed["row"].pk}),
    "api:disposition-detail": Case(**DECISION),
    "api:disposition-approve": Case(**WISH, body=body(reason="because of the test")),
    "api:disposition-refuse": Case(**WISH, body=REASON),
    "api:disposition-withdraw": Case(**OWN_WISH),
    "api:disposition-end": Case(**DECISION, body=REASON),
    "api:disposition-carry-out": Case(
        **DECISION,
        body=destroyed,
        plants={
            "witness": lambda world: world.far.people[Role.QC_INSPECTOR].pk,
            "photo": lambda world: world.far_own.file.pk,
        },
    ),
}
RETURNED: Final = {
    "checks:list": Case(),
    "checks:show": Case(**CHECK),
    "checks:station": Case(),
    "checks:work": Case(**pk_of(lambda side: side.returned["packed"]), body=ANSWERS_AT_THE_STATION),
    "api:checklist-list": Case(),
    "checks:shares": Case(body=body(percent=50, merchant="", reason="steady for a year")),
    "api:check-share-list": Case(body=body(percent=50, reason="steady for a year")),
    "api:outbound-check-list": Case(
        body=new_checks,
        plants={
            "checks.parcel": lambda world: world.far.returned["packed"].pk,
            "checks.photos.files": lambda world: world.far_own.file.pk,
        },
        filters={"parcel": lambda world: world.far.returned["packed"].pk},
    ),
    "api:outbound-check-detail": Case(**CHECK),
    "api:outbound-check-proof": Case(**CHECK),
    "returned:list": Case(),
    "returned:show": Case(**GRADED),
    "returned:inspect": Case(**UNIT),
    "returned:decide": Case(**GRADED, body=body(disposition="return_to_merchant")),
    "api:return-unit-list": Case(filters={"return_parcel": lambda world: world.far.returned["here"].pk}),
    "api:return-unit-detail": Case(**GRADED),
    "api:return-unit-inspect": Case(**UNIT, body=inspected, plants={"photos.files": lambda world: world.far_own.file.pk}),
    "api:return-unit-dispose": Case(
        **GRADED,
        body=lambda world, user: {
            "disposition": "destroy",
            "reason": "because of the test",
            "witness": world.near.people[Role.QC_LEAD].pk,
        },
        plants={"witness": lambda world: world.far.people[Role.QC_INSPECTOR].pk},
    ),
    "returns:list": Case(),
    "returns:show": Case(**HERE),
    "returns:station": Case(),
    "returns:receive": Case(**pk_of(lambda side: side.returned["shipped"]), body=body(counted='[["BRICK","",1]]', done="1")),
    "returns:unidentified": Case(body=lambda world, user: {"photos": picture(), "note": "?"}),
    "returns:match": Case(**UNKNOWN, body=lambda world, user: {"code": world.near.returned["shipped"].code}),
    "api:return-list": Case(
        body=lambda world, user: {"parcel": world.near.returned["shipped"].pk},
        plants={"parcel": lambda world: world.far.returned["shipped"].pk},
        filters={"parcel": lambda world: world.far.returned["packed"].pk},
    ),
    "api:return-detail": Case(**HERE),
    "api:return-receive": Case(body=arrived, plants={"parcel": lambda world: world.far.returned["shipped"].pk}),
    "api:return-unidentified": Case(
        body=lambda world, user: {"photos": [world.own[user.pk].file.pk], "note": "?"},
        plants={"photos": lambda world: world.far_own.file.pk},
    ),
    "api:return-match": Case(
        **UNKNOWN,
        body=lambda world, user: {"parcel": world.near.returned["shipped"].pk},
        plants={"parcel": lambda world: world.far.returned["shipped"].pk},
    ),
    "api:return-cancel": Case(**EXPECTED, body=REASON),
}
STATEMENT: Final = pk_of(lambda side: side.fee_line, attribute="statement_id")
FEE_LINE: Final = pk_of(lambda side: side.fee_line)
DISPUTE: Final = pk_of(lambda side: side.dispute)
SCENARIO: Final = body(price="59.90", cost="21.40", commission_rate="0.2", volume=1000)
RATE_CARD: Final = {"mine": lambda world, user: {"pk": world.near.fee_line.rate.card_id}, "for_all": True}
FEES: Final = {
    "fees:list": Case(),
    "fees:statement": Case(**STATEMENT),
    "fees:csv": Case(**STATEMENT),
    "fees:bundle": Case(**STATEMENT),
    "fees:finalise": Case(**STATEMENT),
    "fees:preview": Case(),
    "fees:line": Case(**FEE_LINE),
    "fees:dispute-line": Case(**FEE_LINE, body=REASON),
    "fees:disputes": Case(),
    "fees:dispute": Case(**DISPUTE),
    "fees:decide": Case(**DISPUTE, body=body(answer="because of the test", verdict="reject")),
    "fees:unrated": Case(),
    "fees:cards": Case(),
    "fees:start-run": Case(),
    "fees:close-month": Case(body=body(month="2026-10")),
    "fees:simulator": Case(),
    "api:statement-list": Case(),
    "api:statement-detail": Case(**STATEMENT),
    "api:statement-bundle": Case(**STATEMENT),
    "api:statement-preview": Case(),
    "api:statement-finalise": Case(**STATEMENT),
    "api:statement-close-month": Case(body=body(month="2026-10-01")),
    "api:fee-line-list": Case(filters={"statement": lambda world: world.far.fee_line.statement_id}),
    "api:fee-line-detail": Case(**FEE_LINE),
    "api:fee-line-dispute": Case(**FEE_LINE, body=REASON),
    "api:dispute-list": Case(),
    "api:dispute-detail": Case(**DISPUTE),
    "api:dispute-accept": Case(**DISPUTE, body=body(answer="because of the test")),
    "api:dispute-reject": Case(**DISPUTE, body=body(answer="because of the test")),
    "api:rate-card-list": Case(),
    "api:rate-card-detail": Case(**RATE_CARD),
    "api:unrated-list": Case(),
    "api:fee-run-list": Case(),
    "api:simulation-list": Case(body=SCENARIO),
}
CASES: Final[Mapping[str, Case]] = {
    **FEES,
    **FAILURES,
    **RETURNED,
    **LABS,
    **HOUSE,
    **ACCOUNTS,
    **EVENTS,
    **CATEGORIES,
    **PRODUCTS,
    **CERTIFICATES,
    **QUALIFICATION,
    **CLAIMS,
    **BADGES,
    **LOG,
    **GOODS,
    **ORDERS,
    **LOGISTICS,
    **CATALOG,
    **CASES_OF_BUYERS,
}
