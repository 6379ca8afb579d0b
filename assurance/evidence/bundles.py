"""What somebody takes along to check a badge without us: the product's whole chain, its place in the log, the signed head.

The bundle is JSON; ``tools/verify_badge.py`` and the checking page read it. Every entry of the chain is there with its kind; bodies only
where they are public anyway: what was said about the badge and its lot. The others stand as their SHA-256, so nobody learns from a
bundle how much a merchant sells in a day, and nothing can be left out all the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from assurance.evidence import canonical, chain, heads, proofs, signing
from assurance.evidence.checkpoint import Signature, format_note
from assurance.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assurance.evidence.models import Checkpoint
    from assurance.evidence.proofs import Link

FORMAT: Final = "wuyou-badge-bundle/1"
PUBLIC: Final = ("badge_", "enrolment_")
"""Kinds that are told in full of every lot: what was promised and taken back."""
OF_LOT: Final = frozenset({"inspection_verdict", "lab_publication", "case_confirmed"})
"""Kinds that are told in full of the badge's own lot."""


class NotSealedYet(Refused):
    code = "not_sealed_yet"
    message = _("The evidence of this product is not signed yet. That takes a few minutes; please come back then.")


def bundle_for(
    product_id: int, *, badge: Mapping[str, str] | None = None, lot_id: int | None = None, is_whole: bool = False
) -> dict[str, Any]:
    """Return everything that is needed to check a product's evidence offline. Not scoped: the caller decides who gets it.

    ``badge`` is what its page says now, as text (``code``, ``lot_number``, ``status``, ``valid_until``, ``checked_at``): it is signed.
    ``lot_id`` is the badge's lot. ``is_whole`` shows every body: for the merchant himself and for the auditor.

    :raises NotSealedYet: as long as no checkpoint covers the product's first entry, or the badge's own
    """
    checkpoint = proofs.newest_checkpoint()
    links = [link for link in proofs.chain_of(product_id) if checkpoint and link.seq < checkpoint.size]
    if checkpoint is None or not links or not (badge is None or _tells_of(links, badge["code"])):
        raise NotSealedYet
    key = signing.signing_key()
    bundle: dict[str, Any] = {
        "format": FORMAT,
        "key": str(signing.verifier_key(key, settings.CHECKPOINT_ORIGIN)),
        "checkpoint": checkpoint.note,
        "product": product_id,
        "chain": [_shown(link, lot_id, is_whole=is_whole) for link in links],
        "last": _place(links[-1].seq, links[-1].prev_hash, checkpoint),
        "anchor": _anchor(product_id, checkpoint),
    }
    if badge is not None:
        text = f"{settings.CHECKPOINT_ORIGIN} badge\n{canonical.encode(dict(badge) | {'product': product_id}).decode()}\n"
        name = settings.CHECKPOINT_ORIGIN
        bundle["status"] = format_note(text, Signature(name, signing.verifier_key(key, name).key_id, key.sign(text.encode())))
    return bundle


def _tells_of(links: list[Link], code: str) -> bool:
    names = {"badge_issued": "badge", "badge_superseded": "by"}
    return any(link.kind in names and link.says.get(names[link.kind]) == code for link in links)


def _shown(link: Link, lot_id: int | None, *, is_whole: bool) -> dict[str, str]:
    """Return one entry: with its body where it is public, else with the digest alone."""
    told = {"kind": link.kind, "digest": chain.digest_of(link.body).hex()}
    is_public = link.kind.startswith(PUBLIC) or (link.kind in OF_LOT and lot_id is not None and link.lot_id == lot_id)
    return told | ({"body": link.body.decode()} if is_whole or is_public else {})


def _place(seq: int, previous: bytes, checkpoint: Checkpoint) -> dict[str, Any]:
    """Return where an entry stands in the log, and what proves it."""
    found = proofs.proof(seq, checkpoint.size)
    return {"seq": seq, "previous": previous.hex(), "path": [node.hex() for node in found.path]}


def _anchor(product_id: int, checkpoint: Checkpoint) -> dict[str, Any] | None:
    """Return the newest anchor that holds this product's chain; nothing while there is none."""
    found = proofs.newest_anchor(checkpoint.size)
    if found is None:
        return None
    place, entry = found
    says = entry.says
    ends = _heads(says["size"], says["root"])
    index = next((number for number, one in enumerate(ends) if one.product_id == product_id), None)
    if index is None:
        return None
    proof = {"count": ends[index].count, "index": index, "heads": [node.hex() for node in heads.path_of(index, ends)]}
    return _place(place.seq, bytes(place.prev_hash), checkpoint) | {"body": bytes(entry.body).decode()} | proof


@lru_cache(maxsize=2)
def _heads(size: int, root: str) -> list[heads.ChainHead]:
    """Return the heads under an anchor. They never change, and the root names them: one reading serves every bundle."""
    found = proofs.heads_at(size)
    if heads.root_of(found).hex() != root:
        raise RuntimeError(f"the chains at entry {size} are not what was anchored; run verify_evidence")
    return found
