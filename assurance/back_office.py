"""The back office: every table as it is, for the platform's administrator and the auditor. It shows and never changes.

A package registers what it shows in its ``admin.py``. What changes goes through actions, on the pages.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, ClassVar, Final

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.apps import apps
from django.db import models
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from assurance.column_words import WORDS
from assurance.sentences import retold
from assurance.templatetags.ui import when

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse, HttpResponseBase
    from django.utils.functional import Promise

APPS: Final = ("assurance", "warehouse", "qc", "logistics", "aftersales")
POLICY: Final = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}
"""Its scripts compile expressions out of attributes and its colours stand in a style element; nowhere else is either allowed."""
BLUE: Final = dict(
    zip(
        ("50", "100", "200", "300", "400", "500", "600", "700", "800", "900", "950"),
        ("#f3f7fd", "#e6eefa", "#c9daf4", "#9bbef6", "#6f97d6", "#3f70c0", "#1c4c9c", "#184188", "#15366f", "#15294a", "#0f1d35"),
        strict=True,
    )
)
"""The brand's blue in unfold's steps (assurance/static/wuyou/css/tokens.css)."""
MASKS: Final[dict[type[Model], Mapping[str, Callable[[str], str]]]] = {}
"""How the personal columns of a table are shown: model → column → mask. The first one stands for the person."""


# --- how a value is shown -----------------------------------------------------------------------------------------
def shown(thing: Model, column: str) -> Any:
    """Return a column's value in the reader's language and zone: persons masked, other rows as links."""
    field = thing._meta.get_field(column)
    value = getattr(thing, column)
    if value is None or value == "":
        return None
    if (mask := MASKS.get(type(thing), {}).get(column)) and not hasattr(thing, "is_masked"):
        return mask(value)
    if isinstance(value, models.Model):
        return linked(value)
    if getattr(field, "choices", None):
        return getattr(thing, f"get_{column}_display")()
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, date):
        return when(value, "full")
    return ", ".join(map(str, value)) if isinstance(value, list) else retold(str(value))


def called(thing: Model) -> str:
    """Return what a row is called; a person's name is masked."""
    for column, mask in MASKS.get(type(thing), {}).items():
        return mask(getattr(thing, column))
    return str(thing)


def linked(thing: Model) -> str:
    """Return the name of another row, as a link if the back office shows it."""
    try:
        url = reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk])
    except NoReverseMatch:
        return called(thing)
    return format_html('<a href="{}">{}</a>', url, called(thing))


class Shown(ModelAdmin):
    """A table that can be looked at. ``columns`` stand in the list, these and ``rows`` on the page of one row."""

    noun: ClassVar[Promise]
    nouns: ClassVar[Promise]
    columns: ClassVar[tuple[str, ...]]
    rows: ClassVar[tuple[str, ...]] = ()
    ordering = ("-pk",)
    actions = None
    show_full_result_count = False
    list_per_page = 50
    list_filter_submit = False

    def __init__(self, model: type[Model], site: BackOffice) -> None:
        super().__init__(model, site)
        name_for_readers(model, self)
        own = [self._column(name) for name in (*self.columns, *self.rows)]
        self.list_display = own[: len(self.columns)]
        self.fields = self.readonly_fields = own
        self.list_select_related = [name for name in self.columns if is_reference(model, name)] or False

    def _column(self, name: str) -> str:
        """Return the name under which the admin finds the column as it is to be shown."""
        if hasattr(self, name):
            return name
        column = partial(shown, column=name)
        column.short_description = self.model._meta.get_field(name).verbose_name  # type: ignore[attr-defined]
        column.admin_order_field = name  # type: ignore[attr-defined]
        setattr(self, f"shown_{name}", column)
        return f"shown_{name}"

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """Return the row with its personal columns masked: its name stands in the title too. Nothing here saves it."""
        thing = super().get_object(request, object_id, from_field)
        for column, mask in MASKS.get(type(thing), {}).items():
            setattr(thing, column, mask(getattr(thing, column) or ""))
            setattr(thing, "is_masked", True)  # noqa: B010  a mark of ours, no column
        return thing


def is_reference(model: type[Model], column: str) -> bool:
    return bool(getattr(model, column, None)) and bool(getattr(model._meta.get_field(column), "many_to_one", False))


def name_for_readers(model: type[Model], table: Shown) -> None:
    """Give a model and its columns the words of the back office: Django's admin takes all words from the model.

    Migrations compare what was declared, so they notice nothing.

    :raises KeyError: for a column without a word
    """
    told: Any = model._meta
    told.verbose_name, told.verbose_name_plural = table.noun, table.nouns
    for name in (*table.columns, *table.rows):
        if not hasattr(table, name):
            field: Any = model._meta.get_field(name)
            field.verbose_name = field._verbose_name or WORDS[name]


# --- the site -----------------------------------------------------------------------------------------------------
class BackOffice(UnfoldAdminSite):
    """Only what our packages register; what other libraries bring for the admin is not shown."""

    index_title = _("Tables")
    empty_value_display = "–"

    def get_urls(self) -> list[Any]:
        """Register first: the addresses are asked for once, when all models are known, and only where there is a web."""
        for app in APPS:
            discover(app)
        return super().get_urls()

    def _build_app_dict(self, request: HttpRequest, label: str | None = None) -> dict[str, Any]:
        """Name the tables in the reader's language here: what is translated late is translated again whenever two are compared."""
        found = super()._build_app_dict(request, label)
        for app in [found] if label else found.values():
            for table in app["models"] if app else ():
                table["name"] = str(table["name"])
        return found

    def extra_context(self, context: dict[str, Any], request: HttpRequest) -> dict[str, Any]:  # noqa: ARG002
        """What unfold would read from the settings."""
        return context | {
            "site_title": _("Back office"),
            "site_header": _("Back office"),
            "site_subheader": _("Wuyou Service"),
            "site_url": reverse("home"),
            "show_history": False,
            "show_view_on_site": False,
            "colors": context["colors"] | {"primary": BLUE},
            "styles": [static("vendor/noto-sans-sc/index.css"), static("wuyou/css/back_office.css")],
        }

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., HttpResponseBase]:
        return csp_replace(POLICY)(super().admin_view(view, cacheable))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        return redirect("admin:index" if self.has_permission(request) else "account_login")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        return redirect("account_change_password")


def discover(app: str) -> None:
    """Import the ``admin.py`` of every package of an app; nothing if the app is not installed."""
    if not apps.is_installed(app):
        return
    for package in iter_modules(import_module(app).__path__, f"{app}."):
        if package.ispkg and find_spec(f"{package.name}.admin"):
            import_module(f"{package.name}.admin")


site = BackOffice(name="admin")


def tables(models_and_tables: Iterable[tuple[type[Model], type[Shown]]]) -> None:
    """Register the tables of a package."""
    for model, table in models_and_tables:
        site.register(model, table)
