"""Why a claim stands as it does, and what keeps it from being submitted, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from assurance.claims.status import Because

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

BECAUSE: Final[Mapping[str, _StrPromise]] = {
    Because.NOTHING: _("There is no evidence for it."),
    Because.STATED: _("The merchant states it; nothing else shows it."),
    Because.OTHER_KIND: _("What is attached cannot show a claim of this kind."),
    Because.DOCUMENT: _("A paper shows it."),
    Because.CERTIFICATE: _("A certificate that holds shows it."),
    Because.SUBMITTED_SAMPLE: _("A laboratory tested a sample that was sent in; this shows only that sample."),
    Because.DRAWN_SAMPLE: _("A laboratory measured a sample that was drawn at random."),
    Because.MEASURED_OTHERWISE: _("A laboratory measured something else."),
    Because.CONFIRMED: _("It was found to be false."),
    Because.RAN_OUT: _("The evidence has run out."),
    Because.TAKEN_AWAY: _("The certificate under it was suspended or withdrawn."),
}

EXPECTED: Final[Mapping[str, _StrPromise]] = {
    "rated_number": _("A test report of a sample that was drawn, or the maker's paper with the number."),
    "certificate": _("The certificate itself, verified, covering this product."),
    "composition": _("A laboratory's result of the composition, or the supplier's paper."),
    "origin": _(
        "Papers that trace it: certificate of origin, customs or catch papers. No test of its composition shows where it comes from."
    ),
    "absolute_word": _("A source that can be checked, with scope and date."),
    "efficacy": _("A published evaluation, a registration, or a laboratory's result."),
    "comparison": _("A test report or paper that names what was compared, and how."),
    "price": _("Records of sales at the compared price, and the dates of the offer."),
}
"""What would support a claim of each kind."""

LACKS: Final[Mapping[str, _StrPromise]] = {
    "forbidden_words": _(
        "“%(words)s” may not be said (%(law)s). Nothing supports it: withdraw this claim and make it anew without these words."
    ),
    "unsupported_words": _("“%(words)s” may be said only with proof (%(law)s). Would support it: %(what)s"),
    "refuted_claim": _("“%(claim)s” is refuted. Withdraw it."),
}
"""What keeps a product from being submitted because of its claims."""
