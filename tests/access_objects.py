"""Who asks for what in ``test_access.py``: two sides that must never see each other, and for every route an object of each.

The near side is the one that asks. Everything on the far side carries the word ``qanary``; the people of the far side carry ``geheim``.
A new route needs an entry in ``CASES``; without one the test of that route fails and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from types import SimpleNamespace
from typing import Any, Final

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import encrypt
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from assurance.accounts.actions import keys
from assurance.accounts.links import invitation_token
from assurance.accounts.models import Invitation, Organisation, Session, User
from assurance.accounts.queries import handle_of
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.events.models import Job
from assurance.files.actions import store
from assurance.notices.models import Notice
from assurance.products.actions import share
from assurance.products.models import Product
from assurance.roles import ROLES_OF, Kind, Role
from assurance.runs.models import Run
from tests import factories, goods

TENANT: Final = "qanary"
"""Stands in every text of the far side; in lower case it appears in no answer to the near side."""
PERSON: Final = "geheim"
"""Stands in the name and address of the far side's people; nobody of another organisation reads it in clear."""
PERSON_NUMBER: Final = "139777"
SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD_HASH: Final = make_password("correct horse battery")
MISSING: Final = 999_999_999

Kwargs = dict[str, Any]


# --- the two sides ------------------------------------------------------------------------------------------------
class Side:
    """One merchant with his warehouse, laboratory, courier and studio, their people and their things."""

    def __init__(self, word: str, person: str, number: str, *, at: Any) -> None:
        self.word, self.person, self.number, self.at = word, person, number, at
        self.organisations = {
            kind: factories.organisation(kind, name=f"{word} {kind}", name_en=f"{word} {kind}") for kind in Kind if kind != Kind.PLATFORM
        }
        self.people = {
            role: self._person(role, organisation) for kind, organisation in self.organisations.items() for role in ROLES_OF[kind]
        }
        self.colleague = self._person(Role.MERCHANT_OPERATOR, self.merchant)
        self.left = self._person(Role.MERCHANT_OPERATOR, self.merchant, is_active=False)
        self.invited = self._person(Role.MERCHANT_OPERATOR, self.merchant, is_active=False)

    def _person(self, role: Role, organisation: Organisation, **given: Any) -> User:
        n = User.objects.count()
        made = factories.user(
            role,
            organisation,
            name=f"{self.person.title()} {n}",
            email=f"{self.person}{n}@{self.word}.example",
            phone=f"+86{self.number}{n:05}",
            **given,
        )
        User.objects.filter(pk=made.pk).update(password=PASSWORD_HASH)
        made.password = PASSWORD_HASH
        return made

    @property
    def merchant(self) -> Organisation:
        return self.organisations[Kind.MERCHANT]

    @property
    def warehouse(self) -> Organisation:
        return self.organisations[Kind.WAREHOUSE]

    @property
    def owner(self) -> User:
        return self.people[Role.MERCHANT_OWNER]

    @cached_property
    def product(self) -> Product:
        """Neither submitted nor approved, and known to the warehouse."""
        made = self._product()
        share(product_ids=[made.pk], organisation_id=self.warehouse.pk, actor=None, at=self.at)
        return made

    @cached_property
    def spare(self) -> Product:
        """Without any enrolment."""
        return self._product()

    @cached_property
    def draft(self) -> Enrolment:
        return Enrolment.objects.create(product=self.product, merchant=self.merchant, created_by=self.owner, created_at=self.at)

    @cached_property
    def submitted(self) -> Enrolment:
        return goods.enrol(
            self._product(),
            state=EnrolmentState.SUBMITTED,
            decided_by=None,
            decided_at=None,
            valid_until=None,
            due_at=self.at + timedelta(days=2),
        )

    @cached_property
    def accepted(self) -> Any:
        """An inspection that went well, on goods in the warehouse."""
        return goods.accepted(self.owner, self.people[Role.WAREHOUSE_OPERATOR], self.people[Role.QC_INSPECTOR], product=self._enrolled())

    @cached_property
    def badge(self) -> Any:
        from assurance.badges.models import Badge
        from assurance.gates.models import Clearance

        lot = self.accepted.lot
        clearance = Clearance.objects.create(
            subject_kind="lot",
            subject_id=lot.pk,
            stage="inbound",
            tranche=9,
            verdict="released",
            organisation=self.merchant,
            because="x",
            at=self.at,
        )
        return Badge.objects.create(
            code=f"{'BADGE' if self.word == 'near' else 'BADGF'}{lot.pk:07}".replace("0", "X").replace("1", "Y"),
            merchant=self.merchant,
            product=lot.product,
            enrolment=Enrolment.objects.get(product=lot.product),
            clearance=clearance,
            lot_id=lot.pk,
            lot_number=f"{self.word}-lot",
            warehouse=self.warehouse,
            received=10,
            inspected=10,
            defective=0,
            inspected_at=self.at,
            issued_at=self.at,
            valid_until=self.at + timedelta(days=90),
        )

    @cached_property
    def invitation(self) -> Invitation:
        return Invitation.objects.create(
            user=self.invited, organisation=self.merchant, purpose="join", made_at=self.at, expires_at=self.at + timedelta(days=3)
        )

    def _product(self, **given: Any) -> Product:
        n = Product.objects.count()
        texts = {
            "sku": f"{self.word}-{n}",
            "name": f"{self.word} 面霜 {n}",
            "name_en": f"{self.word} cream {n}",
            "specification": self.word,
        }
        return goods.product(self.merchant, **(texts | {"cost": "12.34", "commission_rate": "0.200000"} | given))

    def _enrolled(self) -> Product:
        made = self._product()
        goods.enrol(made)
        return made


class World:
    """Both sides, the platform between them, and what belongs to one person each."""

    def __init__(self) -> None:
        self.at = timezone.now()
        self.near = Side("near", "offen", "137000", at=self.at)
        self.far = Side(TENANT, PERSON, PERSON_NUMBER, at=self.at)
        platform = factories.organisation(Kind.PLATFORM, code="WUYOU", name="无忧服务平台")
        self.staff = {role: self.near._person(role, platform) for role in ROLES_OF[Kind.PLATFORM]}
        self.second_admin = self.near._person(Role.PLATFORM_ADMIN, platform)
        self.gone = self.near._person(Role.MERCHANT_OWNER, self.near.merchant)
        self.users: dict[str, User] = {**self.near.people, **self.staff}
        self.own = {user.pk: self._own(user, "near") for user in (*self.users.values(), self.gone)}
        self.far_own = self._own(self.far.owner, TENANT)
        self.job = Job.objects.create(
            handler="x", key="access", queue="work", state="parked", attempts=5, next_at=self.at, created_at=self.at
        )
        for side in (self.near, self.far):
            for thing in ("product", "spare", "draft", "submitted", "accepted", "badge", "invitation"):
                getattr(side, thing)

    def _own(self, user: User, word: str) -> SimpleNamespace:
        """Return what only this person may touch, and his organisation's run and file."""
        Authenticator.objects.create(user=user, type="totp", data={"secret": encrypt(SECRET)})
        RecoveryCodes.activate(user)
        key = keys.make_key(name=f"{word} key", scopes=["account:read"], days=30, actor=user, at=self.at)[0]
        session_key = f"{word}{user.pk:028}"[:40]
        Session.objects.create(
            session_key=session_key,
            session_data="",
            expire_date=self.at + timedelta(hours=3),
            user=user,
            started_at=self.at,
            seen_at=self.at,
            agent=word,
        )
        stored = store(
            organisation=user.organisation, uploaded_by=user, data=f"{word},{user.pk}\n".encode(), shown_name=f"{word}.csv", at=self.at
        )
        run = Run.objects.create(organisation=user.organisation, kind="products.export", started_by=user, created_at=self.at, failure=word)
        notice = Notice.objects.create(
            recipient=user, kind="enrolment_approved", params={"product": word}, link="/", key=f"{word}:{user.pk}", created_at=self.at
        )
        return SimpleNamespace(key=key, handle=handle_of(session_key), file=stored, run=run, notice=notice)


# --- how a route is asked -----------------------------------------------------------------------------------------
Maker = Callable[[World, User], Kwargs | None]


def nothing(world: World, user: User) -> Kwargs:
    return {}


@dataclass(frozen=True)
class Case:
    """An object of one's own, one of somebody else's, and a body that makes sense.

    ``theirs`` gives None to a user who may see everybody's; a route with arguments that belongs to no tenant says so by ``for_all``.
    ``plants`` names the fields of the body that refer to rows, each with somebody else's.
    """

    mine: Maker = nothing
    theirs: Maker | None = None
    for_all: bool = False
    body: Callable[[World, User], Kwargs] = nothing
    plants: Mapping[str, Callable[[World], Any]] = field(default_factory=dict)
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


REASON: Final = body(reason="because of the test")
REASONS: Final = body(reasons=[{"field": "name", "code": "unclear", "words": "say more"}])
PERSON_BODY: Final = {"name": "新人", "email": "newcomer@near.example", "phone": "", "role": "merchant_operator", "language": "en"}


def new_person(world: World, user: User) -> Kwargs:
    return PERSON_BODY | {"phone": None, "organisation": world.near.merchant.code}


def new_organisation(world: World, user: User) -> Kwargs:
    given = {"kind": "lab", "name": "新实验室", "code": "NEWLAB", "credit_code": "", "person_name": "新人", "email": "lab@new.example"}
    return given | {"role": "lab_analyst", "language": "en"}


HOUSE: Final = {
    "home": Case(),
    "health": Case(),
    "set-language": Case(body=body(language="en")),
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
    "runs:list": Case(),
    "runs:show": Case(**own("run", by_organisation=True)),
    "runs:progress": Case(**own("run", by_organisation=True)),
    "runs:cancel": Case(**own("run", by_organisation=True)),
    "api:run-list": Case(),
    "api:run-detail": Case(**own("run", by_organisation=True)),
    "api:run-cancel": Case(**own("run", by_organisation=True)),
    "files:show": Case(**own("file", by_organisation=True)),
    "api:file-list": Case(),
    "api:file-detail": Case(**own("file", by_organisation=True)),
    "api:file-content": Case(**own("file", by_organisation=True)),
}
PRODUCT: Final = pk_of(lambda side: side.product)
PRODUCT_BODY: Final = body(sku="NEW-1", name="新品", category="skincare", price="10.00")
DRAFT: Final = pk_of(lambda side: side.draft)
SUBMITTED: Final = pk_of(lambda side: side.submitted)
PRODUCTS: Final = {
    "products:list": Case(),
    "products:show": Case(**PRODUCT),
    "products:export": Case(),
    "products:create": Case(body=PRODUCT_BODY),
    "products:edit": Case(**PRODUCT),
    "products:attributes": Case(),
    "api:category-list": Case(),
    "api:product-list": Case(body=PRODUCT_BODY),
    "api:product-export": Case(),
    "api:product-detail": Case(**PRODUCT, body=body(version=1, name="新名")),
    "api:product-picture": Case(**PRODUCT),
    "enrollment:list": Case(),
    "enrollment:show": Case(**DRAFT),
    "enrollment:create": Case(),
    "enrollment:edit": Case(**DRAFT),
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
    "api:enrolment-detail": Case(**DRAFT),
    "api:enrolment-submit": Case(**DRAFT),
    "api:enrolment-withdraw": Case(**DRAFT),
    "api:enrolment-claim": Case(**SUBMITTED),
    "api:enrolment-release-claim": Case(**SUBMITTED),
    "api:enrolment-approve": Case(**SUBMITTED),
    "api:enrolment-return-for-changes": Case(**SUBMITTED, body=REASONS),
    "api:enrolment-reject": Case(**SUBMITTED, body=REASONS),
}
BADGE: Final = pk_of(lambda side: side.badge)
PUBLIC_BADGE: Final = {"mine": lambda world, user: {"code": world.near.badge.code}, "for_all": True}
BADGES: Final = {
    "badges:ask": Case(),
    "badges:verify": Case(**PUBLIC_BADGE),
    "badges:square-code": Case(**PUBLIC_BADGE),
    "badges:list": Case(),
    "badges:revoke": Case(**BADGE, body=REASON),
    "api:badge-list": Case(),
    "api:badge-detail": Case(**BADGE),
    "api:badge-revoke": Case(**BADGE, body=REASON),
    "api:verify": Case(**PUBLIC_BADGE),
}
CASES: Final[Mapping[str, Case]] = {**HOUSE, **ACCOUNTS, **EVENTS, **PRODUCTS, **BADGES}
