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
    WRITERS,
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

FILERS: Final = MERCHANT | FLOOR
"""Who brings files in by the API: pictures and papers of products, photographs of what was found."""

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
    "enrollment:review": read(REVIEWERS | OVERSIGHT),
    "enrollment:claim": write(REVIEWERS),
    "enrollment:release-claim": write(REVIEWERS | ADMIN),
    "enrollment:approve": write(REVIEWERS),
    "enrollment:return-for-changes": write(REVIEWERS),
    "enrollment:reject": write(REVIEWERS),
    "api:enrolment-list": listed(MERCHANT | REVIEWERS | OVERSIGHT, MERCHANT),
    "api:enrolment-detail": read(MERCHANT | REVIEWERS | OVERSIGHT),
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
    # shipments and lots
    "inbound:list": read(GOODS_READERS),
    "inbound:show": read(GOODS_READERS),
    "inbound:of-lot": read(GOODS_READERS),
    "inbound:create": form(MERCHANT),
    "inbound:cancel": write(MERCHANT),
    "inbound:receive": form(RECEIVERS),
    "inbound:close": write(RECEIVERS),
    "stock:list": read(GOODS_READERS),
    "stock:show": read(GOODS_READERS),
    "api:shipment-list": listed(GOODS_READERS, MERCHANT),
    "api:shipment-detail": read(GOODS_READERS),
    "api:shipment-cancel": write(MERCHANT),
    "api:shipment-receive": write(RECEIVERS),
    "api:shipment-close": write(RECEIVERS),
    "api:warehouse-list": read(GOODS_READERS),
    "api:lot-list": read(GOODS_READERS),
    "api:lot-detail": read(GOODS_READERS),
    # inspections
    "inspections:list": read(GOODS_READERS),
    "inspections:show": read(GOODS_READERS),
    "inspections:of-lot": read(GOODS_READERS),
    "inspections:claim": write(QC),
    "inspections:give-back": write(QC),
    "inspections:work": read(QC),
    "inspections:record": write(QC),
    "inspections:take-back": write(QC),
    "api:inspection-list": read(GOODS_READERS),
    "api:inspection-detail": read(GOODS_READERS),
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
    # badges
    "badges:ask": read(PUBLIC),
    "badges:verify": read(PUBLIC),
    "badges:square-code": read(PUBLIC),
    "badges:picture": read(PUBLIC),
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
