"""Who may use which route and method: the one table that middleware, API and tests walk.

A route that is missing here is nobody's: it answers 403, and ``tests/test_access.py`` fails.
"""

from collections.abc import Mapping
from typing import Final

from assurance.roles import (
    EVERYBODY,
    FLOOR,
    MERCHANT,
    PLATFORM,
    PUBLIC,
    QC,
    ROLES_OF,
    WRITERS,
    Kind,
    Person,
    Role,
    role_of,
)

Who = frozenset[str]
Methods = Mapping[str, Who]


def read(who: frozenset[str]) -> Methods:
    """May be looked at."""
    return {"GET": who}


def write(who: frozenset[str]) -> Methods:
    """May only be posted to."""
    return {"POST": who}


def form(who: frozenset[str]) -> Methods:
    """A page with a form on it: shown and posted by the same people."""
    return {"GET": who, "POST": who}


def listed(see: frozenset[str], add: frozenset[str] = frozenset()) -> Methods:
    """An API collection: who may list it and who may add to it."""
    return {"GET": see, "POST": add} if add else {"GET": see}


ADMIN: Final = frozenset({Role.PLATFORM_ADMIN})
OVERSIGHT: Final = frozenset({Role.PLATFORM_ADMIN, Role.AUDITOR})
MANAGERS: Final = frozenset({Role.MERCHANT_OWNER, Role.PLATFORM_ADMIN})
"""Who manages people: a merchant's owner those of his company, the platform everybody's."""
REVIEWERS: Final = frozenset({Role.ENROLMENT_REVIEWER})
PRODUCT_READERS: Final = MERCHANT | FLOOR | PLATFORM
RECEIVERS: Final = frozenset({Role.WAREHOUSE_OPERATOR})
GOODS_READERS: Final = MERCHANT | FLOOR | frozenset({Role.PLATFORM_ADMIN, Role.AUDITOR, Role.ENROLMENT_REVIEWER})

SENDERS: Final = frozenset({Role.WAREHOUSE_OPERATOR})
CARRIERS: Final = frozenset({Role.COURIER_AGENT})
PARCEL_WATCHERS: Final = MERCHANT | FLOOR | CARRIERS | PLATFORM
"""Who follows parcels: those who own, send and carry them, and the platform."""

AGENTS: Final = frozenset({Role.CASE_AGENT})
DECIDERS: Final = frozenset({Role.CASE_REVIEWER})
CASE_DESK: Final = AGENTS | DECIDERS
"""Who looks into complaints: opens every record that belongs to one, and moves no goods."""

STREAMERS: Final = frozenset({Role.STREAMER})
CATALOG_READERS: Final = STREAMERS | OVERSIGHT
ORDER_READERS: Final = MERCHANT | PLATFORM
PARCEL_READERS: Final = MERCHANT | FLOOR | PLATFORM

PAYERS: Final = MERCHANT
OWNERS: Final = frozenset({Role.MERCHANT_OWNER})
"""Who may see costs and margins, and so may try prices out."""
BOOKS: Final = frozenset({Role.FINANCE})
FEE_READERS: Final = MERCHANT | BOOKS | OVERSIGHT
"""Who sees what the service costs: who pays, who keeps the books, who oversees."""

FILERS: Final = MERCHANT | FLOOR
"""Who brings files in by the API: pictures and papers of products, photographs of what was found."""

LAB: Final = ROLES_OF[Kind.LAB]
ANALYSTS: Final = frozenset({Role.LAB_ANALYST})
VERIFIERS: Final = frozenset({Role.LAB_VERIFIER})
QC_LEADS: Final = frozenset({Role.QC_LEAD})
SAMPLE_READERS: Final = MERCHANT | QC | LAB | OVERSIGHT

ACCESS: Final[Mapping[str, Methods]] = {
    # the house
    "home": read(PUBLIC),
    "health": read(PUBLIC),
    "set-language": write(PUBLIC),
    "guide": read(PUBLIC),
    "admin:*": form(OVERSIGHT),
    # accounts
    "account_login": form(PUBLIC),
    "account_logout": form(PUBLIC),
    "account_inactive": read(PUBLIC),
    "account_reauthenticate": form(EVERYBODY),
    "account_change_password": form(EVERYBODY),
    "account_reset_password": form(PUBLIC),
    "account_reset_password_done": read(PUBLIC),
    "account_reset_password_from_key": form(PUBLIC),
    "account_reset_password_from_key_done": read(PUBLIC),
    "mfa_index": read(EVERYBODY),
    "mfa_authenticate": form(PUBLIC),
    "mfa_reauthenticate": form(EVERYBODY),
    "mfa_activate_totp": form(EVERYBODY),
    "mfa_deactivate_totp": form(EVERYBODY),
    "mfa_view_recovery_codes": read(EVERYBODY),
    "mfa_generate_recovery_codes": form(EVERYBODY),
    "mfa_download_recovery_codes": read(EVERYBODY),
    "accounts:register": form(PUBLIC),
    "accounts:registered": read(PUBLIC),
    "accounts:join": form(PUBLIC),
    "accounts:me": form(EVERYBODY),
    "accounts:end-session": write(EVERYBODY),
    "accounts:end-other-sessions": write(EVERYBODY),
    "accounts:keys": read(EVERYBODY),
    "accounts:make-key": write(EVERYBODY),
    "accounts:rotate-key": write(EVERYBODY),
    "accounts:revoke-key": write(EVERYBODY),
    "accounts:members": read(MANAGERS | OVERSIGHT),
    "accounts:member": read(MANAGERS | OVERSIGHT),
    "accounts:invite": form(MANAGERS),
    "accounts:invite-again": write(MANAGERS),
    "accounts:change-role": write(MANAGERS),
    "accounts:deactivate": write(MANAGERS),
    "accounts:reactivate": write(MANAGERS),
    "accounts:reveal": write(MANAGERS),
    "accounts:remove-second-factor": write(ADMIN),
    "accounts:organisations": read(OVERSIGHT),
    "accounts:create-organisation": form(ADMIN),
    "api:schema": read(EVERYBODY),
    "api:docs": read(EVERYBODY),
    "api:registration-list": write(PUBLIC),
    "api:invitation-accept": write(PUBLIC),
    "api:me": {"GET": EVERYBODY, "PATCH": EVERYBODY},
    "api:session-list": read(EVERYBODY),
    "api:session-end": write(EVERYBODY),
    "api:session-end-others": write(EVERYBODY),
    "api:key-list": listed(EVERYBODY, EVERYBODY),
    "api:key-detail": read(EVERYBODY),
    "api:key-rotate": write(EVERYBODY),
    "api:key-revoke": write(EVERYBODY),
    "api:member-list": listed(MANAGERS | OVERSIGHT, MANAGERS),
    "api:member-detail": read(MANAGERS | OVERSIGHT),
    "api:member-invite-again": write(MANAGERS),
    "api:member-change-role": write(MANAGERS),
    "api:member-deactivate": write(MANAGERS),
    "api:member-reactivate": write(MANAGERS),
    "api:member-remove-second-factor": write(ADMIN),
    "api:member-reveal": write(MANAGERS),
    "api:organisation-list": listed(OVERSIGHT, ADMIN),
    "api:organisation-detail": read(OVERSIGHT),
    # events
    "events:jobs": read(OVERSIGHT),
    "events:restart-job": form(ADMIN),
    "events:trail": read(EVERYBODY),
    "api:job-list": read(OVERSIGHT),
    "api:job-detail": read(OVERSIGHT),
    "api:job-restart": write(ADMIN),
    "api:event-list": read(EVERYBODY),
    # notices
    "notices:list": read(EVERYBODY),
    "notices:open": write(EVERYBODY),
    "notices:read-all": write(EVERYBODY),
    "api:notice-list": read(EVERYBODY),
    "api:notice-read": write(EVERYBODY),
    # runs
    "replay:show": read(OVERSIGHT),
    "replay:start": write(ADMIN),
    "runs:list": read(EVERYBODY),
    "runs:show": read(EVERYBODY),
    "runs:progress": read(EVERYBODY),
    "runs:cancel": write(WRITERS),
    "api:run-list": read(EVERYBODY),
    "api:run-detail": read(EVERYBODY),
    "api:run-cancel": write(WRITERS),
    # files
    "files:show": read(EVERYBODY),
    "api:file-list": write(FILERS),
    "api:file-detail": read(EVERYBODY),
    "api:file-content": read(EVERYBODY),
    # products
    "products:list": read(PRODUCT_READERS),
    "products:show": read(PRODUCT_READERS),
    "products:export": write(MERCHANT),
    "products:create": form(MERCHANT),
    "products:edit": form(MERCHANT),
    "products:attributes": read(MERCHANT),
    "api:category-list": read(EVERYBODY),
    "api:product-list": listed(PRODUCT_READERS, MERCHANT),
    "api:product-export": write(MERCHANT),
    "api:product-detail": {"GET": PRODUCT_READERS, "PATCH": MERCHANT},
    "api:product-picture": write(MERCHANT),
    # enrolment
    "enrollment:list": read(MERCHANT),
    "enrollment:show": read(MERCHANT),
    "enrollment:create": form(MERCHANT),
    "enrollment:edit": form(MERCHANT),
    "enrollment:check": form(MERCHANT),
    "enrollment:start": write(MERCHANT),
    "enrollment:withdraw": write(MERCHANT),
    "enrollment:of-product": read(MERCHANT),
    "enrollment:queue": read(REVIEWERS | OVERSIGHT),
    "enrollment:review": read(REVIEWERS | OVERSIGHT | CASE_DESK),
    "enrollment:claim": write(REVIEWERS),
    "enrollment:release-claim": write(REVIEWERS | ADMIN),
    "enrollment:approve": write(REVIEWERS),
    "enrollment:return-for-changes": write(REVIEWERS),
    "enrollment:reject": write(REVIEWERS),
    "api:enrolment-list": listed(MERCHANT | REVIEWERS | OVERSIGHT, MERCHANT),
    "api:enrolment-detail": read(MERCHANT | REVIEWERS | OVERSIGHT | CASE_DESK),
    "api:enrolment-outlook": read(MERCHANT | REVIEWERS | OVERSIGHT),
    "api:enrolment-submit": write(MERCHANT),
    "api:enrolment-withdraw": write(MERCHANT),
    "api:enrolment-claim": write(REVIEWERS),
    "api:enrolment-release-claim": write(REVIEWERS | ADMIN),
    "api:enrolment-approve": write(REVIEWERS),
    "api:enrolment-return-for-changes": write(REVIEWERS),
    "api:enrolment-reject": write(REVIEWERS),
    "api:agreement-list": read(EVERYBODY),
    "api:agreement-detail": read(EVERYBODY),
    "api:agreement-accept": write(MERCHANT),
    # fees
    "fees:list": read(FEE_READERS),
    "fees:statement": read(FEE_READERS),
    "fees:csv": read(FEE_READERS),
    "fees:bundle": read(FEE_READERS),
    "fees:finalise": write(BOOKS),
    "fees:preview": read(PAYERS),
    "fees:line": read(FEE_READERS),
    "fees:dispute-line": write(PAYERS),
    "fees:disputes": read(FEE_READERS),
    "fees:dispute": read(FEE_READERS),
    "fees:decide": write(BOOKS),
    "fees:unrated": read(BOOKS | OVERSIGHT),
    "fees:cards": read(FEE_READERS),
    "fees:start-run": write(BOOKS),
    "fees:close-month": write(BOOKS),
    "fees:simulator": read(OWNERS),
    "api:statement-list": read(FEE_READERS),
    "api:statement-detail": read(FEE_READERS),
    "api:statement-bundle": read(FEE_READERS),
    "api:statement-preview": read(PAYERS),
    "api:statement-finalise": write(BOOKS),
    "api:statement-close-month": write(BOOKS),
    "api:fee-line-list": read(FEE_READERS),
    "api:fee-line-detail": read(FEE_READERS),
    "api:fee-line-dispute": write(PAYERS),
    "api:dispute-list": read(FEE_READERS),
    "api:dispute-detail": read(FEE_READERS),
    "api:dispute-accept": write(BOOKS),
    "api:dispute-reject": write(BOOKS),
    "api:rate-card-list": read(FEE_READERS),
    "api:rate-card-detail": read(FEE_READERS),
    "api:unrated-list": read(BOOKS | OVERSIGHT),
    "api:fee-run-list": write(BOOKS),
    "api:simulation-list": write(OWNERS),
    # shipments and lots
    "inbound:list": read(GOODS_READERS),
    "inbound:show": read(GOODS_READERS),
    "inbound:of-lot": read(GOODS_READERS | CASE_DESK),
    "inbound:create": form(MERCHANT),
    "inbound:cancel": write(MERCHANT),
    "inbound:receive": form(RECEIVERS),
    "inbound:close": write(RECEIVERS),
    "stock:list": read(GOODS_READERS),
    "stock:show": read(GOODS_READERS | CASE_DESK),
    "api:shipment-list": listed(GOODS_READERS, MERCHANT),
    "api:shipment-detail": read(GOODS_READERS),
    "api:shipment-cancel": write(MERCHANT),
    "api:shipment-receive": write(RECEIVERS),
    "api:shipment-close": write(RECEIVERS),
    "api:warehouse-list": read(GOODS_READERS),
    "api:lot-list": read(GOODS_READERS),
    "api:lot-detail": read(GOODS_READERS | CASE_DESK),
    # orders and parcels
    "orders:list": read(ORDER_READERS),
    "orders:show": read(ORDER_READERS),
    "orders:cancel": write(MERCHANT | ADMIN),
    "orders:reveal": write(MANAGERS),
    "orders:parcels": read(FLOOR),
    "orders:parcel": read(PARCEL_READERS),
    "orders:of-lot": read(GOODS_READERS),
    "orders:pick-list": form(RECEIVERS),
    "orders:station": read(RECEIVERS),
    "orders:pack": form(RECEIVERS),
    "orders:seal": write(RECEIVERS),
    "orders:unpack": write(RECEIVERS),
    "orders:give-up": write(RECEIVERS),
    "api:order-list": listed(ORDER_READERS, MERCHANT | ADMIN),
    "api:order-detail": read(ORDER_READERS),
    "api:order-cancel": write(MERCHANT | ADMIN),
    "api:order-reveal": write(MANAGERS),
    "api:parcel-list": read(PARCEL_READERS),
    "api:parcel-detail": read(PARCEL_READERS),
    "api:parcel-start-picking": write(RECEIVERS),
    "api:parcel-pick": write(RECEIVERS),
    "api:parcel-scan": write(RECEIVERS),
    "api:parcel-pack": write(RECEIVERS),
    "api:parcel-unpack": write(RECEIVERS),
    "api:parcel-give-up": write(RECEIVERS),
    "api:parcel-label": write(RECEIVERS),
    # inspections
    "inspections:list": read(GOODS_READERS),
    "inspections:show": read(GOODS_READERS | CASE_DESK),
    "inspections:of-lot": read(GOODS_READERS | CASE_DESK),
    "inspections:claim": write(QC),
    "inspections:give-back": write(QC),
    "inspections:work": read(QC),
    "inspections:record": write(QC),
    "inspections:take-back": write(QC),
    "api:inspection-list": read(GOODS_READERS),
    "api:inspection-detail": read(GOODS_READERS | CASE_DESK),
    "api:inspection-claim": write(QC),
    "api:inspection-give-back": write(QC),
    "api:inspection-record-units": write(QC),
    "api:inspection-take-back-unit": write(QC),
    "api:defect-list": read(GOODS_READERS),
    # couriers, dispatch, tracking
    "couriers:list": read(OVERSIGHT | SENDERS),
    "couriers:show": read(OVERSIGHT | SENDERS),
    "couriers:create": form(ADMIN),
    "couriers:terms": write(ADMIN),
    "couriers:prices": write(ADMIN),
    "couriers:origin": write(ADMIN),
    "dispatch:desk": read(SENDERS),
    "dispatch:book": write(SENDERS),
    "dispatch:hand-over": form(SENDERS),
    "dispatch:label": write(SENDERS),
    "dispatch:cancel": write(SENDERS),
    "tracking:list": read(PARCEL_WATCHERS),
    "tracking:show": read(PARCEL_WATCHERS),
    "tracking:scan": form(CARRIERS),
    "api:courier-service-list": listed(OVERSIGHT | SENDERS | CARRIERS, ADMIN),
    "api:courier-service-detail": read(OVERSIGHT | SENDERS | CARRIERS),
    "api:courier-service-terms": write(ADMIN),
    "api:courier-service-set-prices": write(ADMIN),
    "api:courier-service-quote": write(MERCHANT | SENDERS | ADMIN),
    "api:waybill-list": listed(PARCEL_WATCHERS, SENDERS),
    "api:waybill-detail": read(PARCEL_WATCHERS),
    "api:waybill-hand-over": write(SENDERS),
    "api:waybill-label": write(SENDERS),
    "api:waybill-cancel": write(SENDERS),
    "api:courier-event-list": listed(PARCEL_WATCHERS, CARRIERS),
    # catalogue
    "catalog:search": read(CATALOG_READERS),
    "catalog:show": read(CATALOG_READERS),
    "catalog:compare": read(CATALOG_READERS),
    "catalog:lists": form(STREAMERS),
    "catalog:list": read(CATALOG_READERS),
    "catalog:choose": write(STREAMERS),
    "catalog:take-off": write(STREAMERS),
    "catalog:talk-sheet": {"GET": CATALOG_READERS, "POST": STREAMERS},
    "catalog:kept-sheet": read(CATALOG_READERS),
    "catalog:check-script": form(STREAMERS),
    "api:catalog-list": read(CATALOG_READERS),
    "api:catalog-detail": read(CATALOG_READERS),
    "api:catalog-talk-sheet": write(STREAMERS),
    "api:catalog-check-script": write(STREAMERS),
    "api:selection-list": listed(CATALOG_READERS, STREAMERS),
    "api:selection-detail": read(CATALOG_READERS),
    "api:selection-add": write(STREAMERS),
    "api:selection-remove": write(STREAMERS),
    "api:talk-sheet-list": read(CATALOG_READERS),
    "api:talk-sheet-detail": read(CATALOG_READERS),
    # cases
    "cases:list": read(MERCHANT | CASE_DESK | OVERSIGHT),
    "cases:show": read(MERCHANT | CASE_DESK | OVERSIGHT),
    "cases:open": form(MERCHANT | AGENTS),
    "cases:claim": write(AGENTS),
    "cases:give-back": write(AGENTS),
    "cases:pace": write(AGENTS),
    "cases:write": write(MERCHANT | CASE_DESK),
    "cases:go-on": write(AGENTS),
    "cases:propose": write(AGENTS),
    "cases:decide": write(DECIDERS),
    "cases:send-back": write(DECIDERS),
    "cases:appeal": write(MERCHANT),
    "cases:finish": write(AGENTS),
    "cases:close": write(AGENTS),
    "cases:reopen": write(AGENTS),
    "cases:ask": form(PUBLIC),
    "cases:follow": read(PUBLIC),
    "cases:answer": write(PUBLIC),
    "cases:object": write(PUBLIC),
    "cases:rate": write(PUBLIC),
    "signals:list": read(CASE_DESK | OVERSIGHT),
    "signals:switch": form(ADMIN),
    "diagnosis:of-case": read(CASE_DESK | OVERSIGHT),
    "api:case-list": listed(MERCHANT | CASE_DESK | OVERSIGHT, MERCHANT | AGENTS),
    "api:case-detail": read(MERCHANT | CASE_DESK | OVERSIGHT),
    "api:case-claim": write(AGENTS),
    "api:case-give-back": write(AGENTS),
    "api:case-pace": write(AGENTS),
    "api:case-write": write(CASE_DESK),
    "api:case-answer": write(MERCHANT),
    "api:case-go-on": write(AGENTS),
    "api:case-propose": write(AGENTS),
    "api:case-decide": write(DECIDERS),
    "api:case-send-back": write(DECIDERS),
    "api:case-appeal": write(MERCHANT),
    "api:case-finish": write(AGENTS),
    "api:case-close": write(AGENTS),
    "api:case-reopen": write(AGENTS),
    "api:inquiry-list": write(PUBLIC),
    "api:inquiry-detail": read(PUBLIC),
    "api:inquiry-answer": write(PUBLIC),
    "api:inquiry-appeal": write(PUBLIC),
    "api:inquiry-rate": write(PUBLIC),
    "api:rule-list": read(CASE_DESK | OVERSIGHT),
    "api:rule-switch": write(ADMIN),
    "api:diagnosis-detail": read(CASE_DESK | OVERSIGHT),
    # laboratories
    "labs:list": read(SAMPLE_READERS),
    "labs:show": read(SAMPLE_READERS),
    "labs:of-lot": read(GOODS_READERS),
    "labs:rounds": read(QC | OVERSIGHT),
    "labs:round": read(QC | OVERSIGHT),
    "labs:open-round": write(QC_LEADS),
    "labs:draw-round": write(QC_LEADS),
    "labs:draw": write(QC),
    "labs:seal": write(QC),
    "labs:dispatch": write(QC),
    "labs:void": write(QC),
    "labs:receive": write(ANALYSTS),
    "labs:begin": write(ANALYSTS),
    "labs:enter": write(ANALYSTS),
    "labs:verify": write(VERIFIERS),
    "labs:publish": write(QC_LEADS),
    "labs:retest": write(QC_LEADS),
    "labs:scopes": read(QC | LAB | OVERSIGHT),
    "labs:add-scope": form(ADMIN),
    "labs:end-scope": form(ADMIN),
    "labs:declare-tie": write(ADMIN),
    "api:sample-list": read(SAMPLE_READERS),
    "api:sample-detail": read(SAMPLE_READERS),
    "api:sample-draw": write(QC),
    "api:sample-seal": write(QC),
    "api:sample-dispatch": write(QC),
    "api:sample-void": write(QC),
    "api:sample-receive": write(ANALYSTS),
    "api:sample-begin": write(ANALYSTS),
    "api:sample-enter-results": write(ANALYSTS),
    "api:sample-verify": write(VERIFIERS),
    "api:sample-publish": write(QC_LEADS),
    "api:sample-retest": write(QC_LEADS),
    "api:round-list": listed(QC | OVERSIGHT, QC_LEADS),
    "api:round-detail": read(QC | OVERSIGHT),
    "api:round-draw": write(QC_LEADS),
    "api:lab-scope-list": listed(QC | LAB | OVERSIGHT, ADMIN),
    "api:lab-scope-detail": read(QC | LAB | OVERSIGHT),
    "api:lab-scope-end": write(ADMIN),
    "api:lab-tie-list": listed(QC | OVERSIGHT, ADMIN),
    "api:lab-test-list": read(EVERYBODY),
    # badges
    "badges:ask": read(PUBLIC),
    "badges:verify": read(PUBLIC),
    "badges:square-code": read(PUBLIC),
    "badges:picture": read(PUBLIC),
    "badges:credential": read(PUBLIC),
    "badges:keys": read(PUBLIC),
    "badges:list": read(MERCHANT | OVERSIGHT),
    "badges:revoke": form(ADMIN),
    "api:badge-list": read(MERCHANT | OVERSIGHT),
    "api:badge-detail": read(MERCHANT | OVERSIGHT),
    "api:badge-revoke": write(ADMIN),
    "api:verify": read(PUBLIC),
}


def may(user: Person, route: str, method: str = "GET") -> bool:
    """Say whether the user may use this route at all."""
    return role_of(user) in ACCESS.get(route, {}).get("GET" if method == "HEAD" else method, frozenset())
