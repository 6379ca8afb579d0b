"""Where a person can go from anywhere: the ways of his role, in the order of the work."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from assurance.access import may, role_may
from assurance.notices.queries import unread_by
from assurance.roles import MERCHANT, QC, Role, role_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest
    from django.utils.functional import Promise
    from django.utils.safestring import SafeString

    from assurance.roles import Person

NEAR: Final = 4
"""How many ways fit into the dock of a phone; the rest is under “More”."""
FAR: Final = 6
"""How many ways fit into the bar of a desk."""


class NavItem(NamedTuple):
    """One way."""

    route: str
    label: Promise
    icon: str


WAYS: Final[Sequence[NavItem]] = (
    NavItem("home", _("Home"), "home"),
    NavItem("cases:list", _("Cases"), "headset"),
    NavItem("signals:list", _("Rules"), "radar"),
    NavItem("enrollment:queue", _("Reviews"), "clipboard-check"),
    NavItem("certificates:queue", _("Certificates to verify"), "certificate"),
    NavItem("certificates:conflicts", _("Conflicts"), "scale"),
    NavItem("catalog:search", _("Catalogue"), "shopping-bag"),
    NavItem("catalog:lists", _("Lists"), "list-check"),
    NavItem("catalog:check-script", _("Script check"), "microphone"),
    NavItem("products:list", _("Products"), "package"),
    NavItem("categories:list", _("Categories"), "category"),
    NavItem("enrollment:list", _("Enrolments"), "shield-plus"),
    NavItem("qualification:show", _("Papers"), "license"),
    NavItem("qualification:queue", _("Papers"), "license"),
    NavItem("qualification:merchants", _("Merchants"), "building-store"),
    NavItem("certificates:list", _("Certificates"), "certificate"),
    NavItem("inbound:list", _("Shipments"), "truck-delivery"),
    NavItem("inbound:discrepancies", _("Discrepancies"), "alert-triangle"),
    NavItem("orders:list", _("Orders"), "shopping-cart"),
    NavItem("orders:parcels", _("Parcels"), "package"),
    NavItem("inspections:list", _("Inspections"), "clipboard-list"),
    NavItem("nonconformance:list", _("Non-conformances"), "tools"),
    NavItem("quality:board", _("Severity board"), "chart-dots"),
    NavItem("dispatch:desk", _("Dispatch"), "package-export"),
    NavItem("tracking:list", _("Waybills"), "truck"),
    NavItem("checks:list", _("Outbound checks"), "package-export"),
    NavItem("returns:list", _("Returns"), "truck-return"),
    NavItem("stock:list", _("Lots"), "packages"),
    NavItem("labs:list", _("Samples"), "flask"),
    NavItem("labs:rounds", _("Draws"), "dice"),
    NavItem("labs:scopes", _("Laboratories"), "microscope"),
    NavItem("badges:list", _("Badges"), "rosette-discount-check"),
    NavItem("fees:list", _("Fees"), "receipt"),
    NavItem("accounts:members", _("Members"), "users"),
    NavItem("couriers:list", _("Couriers"), "map-route"),
    NavItem("accounts:organisations", _("Organisations"), "building"),
    NavItem("runs:list", _("Imports"), "file-import"),
    NavItem("replay:show", _("Replay"), "player-track-next"),
    NavItem("events:trail", _("Audit trail"), "history"),
    NavItem("events:jobs", _("Background jobs"), "stack-2"),
)
"""One list for all roles: who may not go a way does not see it."""
OF_WAREHOUSE: Final = ("inbound:list", "orders:parcels", "dispatch:desk", "returns:list", "stock:list")
OF_QC: Final = ("inspections:list", "nonconformance:list", "checks:list", "labs:list", "returns:list", "stock:list")
OF_CASES: Final = ("cases:list", "orders:list", "tracking:list", "signals:list")
FIRST: Final[Mapping[str, Sequence[str]]] = {
    **dict.fromkeys(MERCHANT, ("products:list", "enrollment:list", "inbound:list", "badges:list", "orders:list")),
    **dict.fromkeys(QC, OF_QC),
    Role.WAREHOUSE_OPERATOR: OF_WAREHOUSE,
    **dict.fromkeys((Role.CASE_AGENT, Role.CASE_REVIEWER), OF_CASES),
    Role.ENROLMENT_REVIEWER: ("enrollment:queue", "certificates:queue", "qualification:queue", "qualification:merchants"),
    Role.FINANCE: ("fees:list", "orders:list"),
    Role.PLATFORM_ADMIN: ("accounts:organisations", "badges:list", "cases:list", "certificates:conflicts", "events:jobs"),
    Role.AUDITOR: ("events:trail", "badges:list", "cases:list", "enrollment:queue", "fees:list"),
}
"""What a role does all day; it comes first, so that it fits into bar and dock. The rest follows in the order of the list."""
ACCOUNT_WAYS: Final[Sequence[NavItem]] = (
    NavItem("accounts:me", _("My account"), "user"),
    NavItem("accounts:keys", _("API keys"), "key"),
    NavItem("account_change_password", _("Password"), "lock"),
    NavItem("mfa_index", _("Second factor"), "device-mobile"),
)
NOTICES: Final = "notices:list"


@lru_cache(maxsize=256)
def address(route: str) -> str:
    """Return where a route without arguments leads, or nothing if it is not there."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def navigation(user: Person) -> Sequence[NavItem]:
    """Return the ways this user may go: the front door, what his role does all day, the rest in the order of the work."""
    return ways_of(role_of(user))


@cache
def ways_of(role: str, *, of_account: bool = False) -> Sequence[NavItem]:
    """Return the ways everybody of a role may go, to the work or to his own settings."""
    ways = ACCOUNT_WAYS if of_account else WAYS
    found = [item for item in ways if role_may(role, item.route) and address(item.route)]
    first = ("home", *FIRST.get(role, ()))
    return tuple(sorted(found, key=lambda item: first.index(item.route) if item.route in first else len(first)))


def place(path: str, ways: Sequence[NavItem]) -> str:
    """Return the route whose address the path lies under, the longest first; the front door only for itself."""

    def covers(start: str) -> bool:
        return path == start or (len(start) > 1 and path.startswith(start))

    under = [item.route for item in ways if covers(address(item.route))]
    return max(under, key=lambda route: len(address(route)), default="")


@lru_cache(maxsize=1024)
def bar(role: str, here: str, language: str) -> SafeString:
    """Return the ways to the work as they look to everybody of a role who stands at ``here``; drawn once."""
    ways = drawn(here, ways_of(role))
    with override(language):
        return render_to_string("ui/ways.html", {"all": ways, "near": ways[:NEAR], "middle": ways[NEAR:FAR], "far": ways[FAR:]})


@lru_cache(maxsize=256)
def account_menu(role: str, here: str, language: str) -> SafeString:
    """Return the ways to his own settings likewise."""
    with override(language):
        return render_to_string("ui/account_ways.html", {"ways": drawn(here, ways_of(role, of_account=True))})


def drawn(here: str, ways: Sequence[NavItem]) -> list[dict[str, object]]:
    """Return what the layouts need of each way."""
    return [{"url": address(item.route), "label": item.label, "icon": item.icon, "here": item.route == here} for item in ways]


def bell(user: Any) -> dict[str, object] | None:
    """Return where the notices are and how many are unread; nothing for who has none."""
    if not (may(user, NOTICES) and address(NOTICES)):
        return None
    return {"url": address(NOTICES), "unread": unread_by(user)}


def navigation_context(request: HttpRequest) -> dict[str, object]:
    """Give every template the ways of its reader; nothing is worked out until a layout asks."""

    def worked_out() -> dict[str, object]:
        user = getattr(request, "user", AnonymousUser())
        role, language = role_of(user), get_language() or settings.LANGUAGE_CODE
        return {
            "bar": bar(role, place(request.path, ways_of(role)), language),
            "account": account_menu(role, place(request.path, ways_of(role, of_account=True)), language),
            "notices": bell(user) if user.is_authenticated else None,
        }

    return {"navigation": SimpleLazyObject(worked_out)}
