"""The log for everybody: signed heads, and proofs of what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.http import Http404
from rest_framework.decorators import action
from rest_framework.response import Response

from assurance.evidence import queries, signing
from assurance.evidence.api import serializers
from assurance.evidence.models import Checkpoint
from assurance.web.api import ReadingDoor

if TYPE_CHECKING:
    from rest_framework.request import Request


class CheckpointViews(ReadingDoor):
    """The signed heads of the log, newest first; each is found by its size. For anybody, without an account."""

    queryset = Checkpoint.objects.none()
    serializer_class = serializers.CheckpointOut
    lookup_field = "size"
    default_ordering = ("-number",)
    outputs: ClassVar = {"inclusion": serializers.InclusionOut, "consistency": serializers.ConsistencyOut}

    @action(detail=True, url_path="inclusion/(?P<seq>[0-9]{1,18})")
    def inclusion(self, request: Request, size: str, seq: str) -> Response:
        """Prove that one entry stands in the log that this head is over."""
        head = self.get_object()
        if int(seq) >= head.size:
            raise Http404
        found = queries.proof(int(seq), head.size)
        path = [node.hex() for node in found.path]
        return self.shown({"seq": found.seq, "hash": found.hash.hex(), "path": path, "checkpoint": head.note})

    @action(detail=True, url_path="consistency/(?P<old>[0-9]{1,18})")
    def consistency(self, request: Request, size: str, old: str) -> Response:
        """Prove that the log of that many entries was only continued."""
        head = self.get_object()
        if not 0 < int(old) <= head.size:
            raise Http404
        found = queries.consistency(int(old), head.size)
        before = self.get_queryset().filter(size=found.old_size).first()
        return self.shown(
            {
                "format": serializers.CONSISTENCY,
                "key": str(signing.verifier_key(signing.signing_key(), settings.CHECKPOINT_ORIGIN)),
                "old_size": found.old_size,
                "size": found.size,
                "old": before.note if before else None,
                "new": head.note,
                "path": [node.hex() for node in found.path],
            }
        )
