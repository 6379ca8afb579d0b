"""Parts of pages as template tags; loaded into every template (settings.TEMPLATES, builtins). docs/pages.md shows them in use."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile

from django import template
from django.apps import apps
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext

from assurance import sentences, states
from assurance.access import may

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.paginator import Paginator
    from django.db.models import Model
    from django.forms import BaseForm, BoundField

    from assurance.roles import Person

register = template.Library()

MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"
ROW: Final = "<div><dt>{}</dt><dd>{}</dd></div>"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Our own: Django's way to write a date takes four times as long, and a page has dozens."""


@cache
def _drawings() -> ZipFile:
    """Return the icon package's archive, read once: its own reader reads the list of all 6,000 names again for every icon."""
    return ZipFile(BytesIO((resources.files("tablericons") / "tablericons.zip").read_bytes()))


# --- icons and states --------------------------------------------------------------------------------------------
@lru_cache(maxsize=1024)
def drawn(name: str, css: str) -> SafeString:
    """Return a Tabler outline icon as inline SVG.

    :raises KeyError: for an unknown name
    """
    svg = _drawings().read(f"outline/{name}.svg").decode()
    shapes = "".join(line.strip() for line in svg[svg.index("<svg") :].split(">", 1)[1].splitlines())
    start = '<svg class="{}" viewBox="0 0 24 24" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
    return format_html(start, css) + mark_safe(shapes)  # noqa: S308  drawn by the icon package, not by a user


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """``{% icon "truck" %}``: an icon, hidden from readers of the screen; the word stands beside it."""
    return drawn(str(name), f"w-i w-i-{size}" if size else "w-i")


@register.simple_tag
def pill(tone: str, label: str, icon: str = "", size: str = "") -> SafeString:
    """``{% pill "hold" _("Expires soon") icon="hourglass" %}``: colour, icon and word, always the three."""
    css = f"w-pill w-{tone}" + (f" w-pill-{size}" if size else "")
    return format_html('<span class="{}">{}{}</span>', css, drawn(str(icon or states.ICONS[tone]), "w-i"), label)


@register.simple_tag
def state(thing: Model, column: str = "state", note: object = "", size: str = "") -> SafeString:
    """``{% state lot %}``, ``{% state inspection "verdict" %}``: the pill of a state column.

    :raises KeyError: if assurance/states.py does not know the column or the value
    """
    value = getattr(thing, column)
    if value in (None, ""):
        return format_html('<span class="w-faint">{}</span>', NOTHING)
    dress = states.dress(f"{thing._meta.label_lower}.{column}", value)
    word = getattr(thing, f"get_{column}_display")()
    return pill(dress.tone, f"{word} {note}" if note else word, dress.icon, size)


@register.simple_tag
def state_of(column: str, value: str, word: str = "", note: object = "", size: str = "") -> SafeString:
    """``{% state_of "warehouse.stockmove.target" custody %}``: the same for a bare value; ``word`` where no column has choices for it."""
    dress = states.dress(column, value)
    if not word:
        app, model, name = column.split(".")
        choices = apps.get_model(app, model)._meta.get_field(name).flatchoices
        word = dict(choices)[value]
    return pill(dress.tone, f"{word} {note}" if note else word, dress.icon, size)


@register.filter
def tone(thing: Model, column: str = "state") -> str:
    """``class="w-{{ lot|tone }}"``: the tone of a state column, for bars and timelines."""
    return states.dress(f"{thing._meta.label_lower}.{column}", getattr(thing, column)).tone


# --- the seal -----------------------------------------------------------------------------------------------------
def four(sides: Iterable[object] | str | None) -> tuple[bool, bool, bool, bool]:
    """Return the four sides: inbound, laboratory, outbound, returns. In a template ``"1101"`` will do."""
    given = [side not in ("0", 0, False, None) for side in (sides or "0000")]
    if len(given) != 4:
        raise ValueError(f"a seal has four sides, not {len(given)}")
    return given[0], given[1], given[2], given[3]


def side_names() -> tuple[str, str, str, str]:
    return gettext("inbound"), gettext("laboratory"), gettext("outbound"), gettext("returns")


def said(status: str, sides: tuple[bool, ...]) -> str:
    """Return what the seal says, for those who cannot see it."""
    words = {
        "none": gettext("No seal yet"),
        "stopped": gettext("Seal stopped"),
        "expired": gettext("Seal expired"),
        "revoked": gettext("Seal revoked"),
    }
    if status != "valid":
        return words[status]
    proved = [name for name, there in zip(side_names(), sides, strict=True) if there]
    return gettext("Seal valid, %(count)s of 4 proofs: %(proofs)s") % {
        "count": len(proved),
        "proofs": pgettext("between items", ", ").join(proved),
    }


@register.inclusion_tag("ui/seal.html")
def seal(status: str, sides: Iterable[object] | str | None = None, size: str = "") -> dict[str, object]:
    """``{% seal badge.status badge.sides %}``. Draw "valid" only where the answer was asked for in this very request."""
    shown = four(sides)
    off = [f"w-side-off-{number}" for number, there in enumerate(shown, 1) if not there]
    css = ["w-seal", *(["w-seal-" + size] if size else []), *(off if status == "valid" else [f"w-seal-{status}"])]
    return {"css": " ".join(css), "symbol": status, "label": said(status, shown)}


@register.inclusion_tag("ui/pips.html")
def pips(sides: Iterable[object] | str, mark: bool = True) -> dict[str, object]:
    """``{% pips badge.sides %}``: the small form, the mark and four bars in the same order."""
    shown = four(sides)
    return {"sides": shown, "label": said("valid", shown), "mark": mark}


# --- words and figures --------------------------------------------------------------------------------------------
@register.simple_tag
def money(amount: Decimal | None, sign: bool = False) -> SafeString:
    """``{% money line.amount %}`` → ¥12,846.30; ``sign=True`` writes the plus too. Takes Decimal only: a float is no money."""
    if amount is None:
        return format_html('<span class="w-faint">{}</span>', NOTHING)
    if not isinstance(amount, Decimal):
        raise TypeError(f"money is a Decimal, not {type(amount).__name__}")
    before = MINUS if amount < 0 else "+" if sign and amount > 0 else ""
    return format_html('<span class="w-num">{}¥{}</span>', before, f"{abs(amount):,.2f}")


@register.filter
def number(value: Decimal | int | None, places: int = 0) -> str:
    """``{{ lot.units|number }}`` → 6,000; with places for measured values."""
    return NOTHING if value is None else f"{value:,.{places}f}".replace("-", MINUS)


def in_words(value: date | datetime, form: str, today: date) -> str:
    """Return a day or a moment as people write it: figures in Chinese, the month's name in English."""
    chinese = (get_language() or "").startswith("zh")
    if form == "long":
        return f"{value.year}年{value.month}月{value.day}日" if chinese else f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    this_year = value.year == today.year and isinstance(value, datetime) and form != "full"
    if chinese:
        day = f"{value:%m-%d}" if this_year else f"{value:%Y-%m-%d}"
    else:
        day = f"{value.day} {MONTHS[value.month - 1][:3]}" + ("" if this_year else f" {value.year}")
    if not isinstance(value, datetime) or form == "day":
        return day
    return f"{day} {value:%H:%M:%S}" if form == "full" else f"{day} {value:%H:%M}"


@register.simple_tag
def when(value: date | datetime | None, form: str = "short") -> SafeString:
    """``{% when event.at %}``: a moment in the reader's zone; forms short (default), full (with seconds), day, long (day in words)."""
    if value is None:
        return format_html('<span class="w-faint">{}</span>', NOTHING)
    if not isinstance(value, datetime):
        return _time(value.isoformat(), in_words(value, form, timezone.localdate()))
    local = timezone.localtime(value)
    words = in_words(local, form, local if form == "full" else timezone.localdate())
    return _time(local.isoformat(timespec="seconds"), words, f' title="{local:%Y-%m-%d %H:%M:%S} {local.tzname()}"')


def _time(exact: str, words: str, title: str = "") -> SafeString:
    return mark_safe(f'<time class="w-num" datetime="{exact}"{title}>{words}</time>')  # noqa: S308  figures and names of months and zones


@register.filter
def day(value: date | datetime) -> str:
    """``{{ badge.valid_until|day }}``: a day in words, for use inside a sentence."""
    shown = timezone.localtime(value) if isinstance(value, datetime) else value
    return in_words(shown, "long", shown)


@register.filter
def moment(value: datetime) -> str:
    """``{{ stop.opened_at|moment }}``: a moment in words in the reader's zone, for use inside a sentence."""
    local = timezone.localtime(value)
    return f"{in_words(local, 'long', local)} {local:%H:%M}"


@register.filter
def retold(text: Any) -> Any:
    """``{{ stop.because|retold }}``: a sentence of the record in the reader's language, if the house wrote it."""
    return sentences.retold(text) if isinstance(text, str) else text


def span(length: timedelta) -> str:
    """Return a length of time in its two largest units: 1 day 18 hours, 1 hour 12 minutes."""
    minutes = max(0, int(length.total_seconds() // 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else "",
        ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours} if hours else "",
        ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest} if not days and (rest or not hours) else "",
    ]
    return " ".join(part for part in parts if part)


@register.simple_tag
def left(deadline: datetime, now: datetime | None = None) -> SafeString:
    """``{% left task.due_at %}``: how much time is left, or by how much it is late; amber in the last day, red when late."""
    remaining = deadline - (now or timezone.now())
    if remaining < timedelta():
        css, words = " w-fail", gettext("%(time)s late") % {"time": span(-remaining)}
    else:
        css = " w-hold" if remaining < timedelta(days=1) else ""
        words = gettext("%(time)s left") % {"time": span(remaining)}
    exact = timezone.localtime(deadline).isoformat(timespec="minutes")
    return format_html('<time class="w-due{}" datetime="{}">{}</time>', css, exact, words)


@register.filter
def page_numbers(paginator: Paginator[Any], current: int) -> list[int]:
    """Return the page numbers to show, 0 where some are left out."""
    return [n if isinstance(n, int) else 0 for n in paginator.get_elided_page_range(current, on_each_side=1, on_ends=1)]


@register.simple_tag
def row(label: str, value: object = None) -> SafeString:
    """``{% row _("Lot") lot.code %}``: one line of a ``<dl class="w-dl">``; days are written out, nothing is a dash."""
    return format_html(ROW, label, shown(value))


def shown(value: object) -> object:
    """Return what stands in a line of a list: a day written out, a dash for nothing."""
    return NOTHING if value is None or value == "" else when(value) if isinstance(value, date) else value


@register.simple_tag
def key(name: str) -> SafeString:
    """``{% key "Z" %}``: which key presses the button; ``data-key`` on the button makes it so."""
    return format_html('<kbd class="w-key" aria-hidden="true">{}</kbd>', name)


@register.simple_tag
def meter(done: float, total: float, label: str, tone: str = "run", size: str = "") -> SafeString:
    """``{% meter 137 200 label=_("Units checked") %}``: a bar."""
    css = f"w-meter w-{tone}" + (f" w-meter-{size}" if size else "")
    return format_html('<progress class="{}" value="{}" max="{}" aria-label="{}"></progress>', css, done, max(total, 1), label)


@register.inclusion_tag("ui/tally.html")
def tally(label: str, count: int, reject_at: int, tone: str = "wait", adding: int = 0) -> dict[str, object]:
    """``{% tally _("Major") 2 6 tone="hold" adding=1 %}``: defects so far, being recorded, and the number that rejects."""
    cells = [
        ("w-cell-on " if place <= count else "w-cell-adding " if place <= count + adding else "")
        + ("w-cell-limit" if place == reject_at else "")
        for place in range(1, reject_at + 1)
    ]
    return {"label": label, "count": count, "reject_at": reject_at, "tone": tone, "adding": adding} | {
        "cells": cells if reject_at <= 24 else [],
        "over": count >= reject_at,
    }


@register.filter
def seen_by(person: Any, reader: Any) -> str:
    """``{{ run.started_by|seen_by:user }}``: a person's name, masked for people of other organisations; nothing for nobody."""
    return "" if person is None else str(person.name_for(reader))


# --- forms --------------------------------------------------------------------------------------------------------
KINDS = {"CheckboxInput": "tick", "RadioSelect": "ticks", "CheckboxSelectMultiple": "ticks"}


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, prefix: str = "", suffix: str = "", look: str = "", label: str = "") -> dict[str, object]:
    """``{% field form.price prefix="¥" %}``: label, hint, control, error. ``look="seg"`` puts a few radio buttons side by side."""
    kind = look or KINDS.get(type(bound.field.widget).__name__, "input")
    css = {"tick": "w-tick-box", "ticks": "", "seg": ""}.get(kind, "w-input")
    attrs: dict[str, Any] = {"class": f"{css} {bound.field.widget.attrs.get('class', '')}".strip()} if css else {}
    if kind in ("ticks", "seg") and bound.errors:
        attrs["aria-describedby"] = f"{bound.auto_id}_error"
    return {"field": bound, "kind": kind, "control": bound.as_widget(attrs=attrs), "prefix": prefix, "suffix": suffix} | {
        "label": label or bound.label
    }


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, object]:
    """``{% form_errors form %}``: what is wrong, on top, each with a link to its field; nothing while the form is well."""
    if not form.is_bound:
        return {"flaws": []}
    named = [(form[name], errors) for name, errors in form.errors.items() if name in form.fields]
    return {"flaws": [(f"#{bound.id_for_label or bound.auto_id}", bound.label, errors[0]) for bound, errors in named]} | {
        "general": form.non_field_errors()
    }


@register.filter
def allowed(route: str, user: Person) -> bool:
    """``{% if "inbound:create"|allowed:user %}``: whether to show the way at all; a button that only posts counts too."""
    return may(user, route) or may(user, route, "POST")
