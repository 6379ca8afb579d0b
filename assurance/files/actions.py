"""Keep uploads, show them to others, forget bytes that nobody needs."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import announce
from assurance.events.changes import first
from assurance.files import documents, pictures, vault
from assurance.files.documents import Flaw
from assurance.files.models import FileShare, StoredFile
from assurance.files.naming import shown_name as cleaned
from assurance.files.sniffing import ALL, CSV, PDF, PICTURES, is_pdf, media_type_of
from assurance.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from assurance.accounts.models import Organisation, User

LOCKS: Final = 0xF11E
"""The class of advisory locks on contents."""
UNFINISHED_SECONDS: Final = 3600
SWEPT_AT_ONCE: Final = 500


class EmptyFile(Refused):
    code = "empty_file"
    status = 422
    message = _("The file is empty.")


class FileTooLarge(Refused):
    code = "file_too_large"
    status = 413
    message = _("The file is too large. At most %(max)s MB are accepted.")


class NotAnImage(Refused):
    code = "not_an_image"
    status = 415
    message = _("This is not a JPEG, PNG or WEBP picture.")


class NotAPdf(Refused):
    code = "not_a_pdf"
    status = 415
    message = _("This is not a complete PDF document.")


class PdfUnreadable(Refused):
    code = "pdf_unreadable"
    status = 422
    message = _("This PDF document cannot be read. Save or export it again.")


class PdfEncrypted(Refused):
    code = "pdf_encrypted"
    status = 422
    message = _("This PDF document is locked by a password. Save it without one.")


class PdfActive(Refused):
    code = "pdf_active"
    status = 422
    message = _("This PDF document holds scripts, attached files or actions. Print it to a new PDF and upload that.")


class PdfTooManyPages(Refused):
    code = "pdf_too_many_pages"
    status = 413
    message = _("This PDF document has too many pages. At most %(max)s are accepted.")


class PdfTooManyObjects(Refused):
    code = "pdf_too_many_objects"
    status = 413
    message = _("This PDF document is made of too many parts. At most %(max)s are accepted; print it to a new PDF.")


class TypeNotAccepted(Refused):
    code = "type_not_accepted"
    status = 415
    message = _("Files of this type are not accepted here.")


class ImageDamaged(Refused):
    code = "image_damaged"
    status = 422
    message = _("The picture is damaged. Save or take it again.")


class ImageTooManyPixels(Refused):
    code = "image_too_many_pixels"
    status = 422
    message = _("The picture has too many pixels. At most %(max)s megapixels are accepted.")


class AnimationNotAllowed(Refused):
    code = "animation_not_allowed"
    status = 422
    message = _("Animated pictures are not accepted.")


def store(
    *,
    organisation: Organisation,
    uploaded_by: User,
    data: bytes,
    shown_name: str,
    at: datetime,
    accept: Collection[str] = ALL,
    field: str | None = None,
    private: bool = False,
) -> StoredFile:
    """Keep an upload. The same bytes of the same organisation are kept once; then the first upload is returned.

    ``accept`` is what the caller has use for; ``field`` names its input in a refusal. A ``private`` one is the person's own.

    :raises EmptyFile, FileTooLarge, NotAnImage, NotAPdf, TypeNotAccepted: by size and type
    :raises ImageDamaged, ImageTooManyPixels, AnimationNotAllowed: by what decoding a picture shows
    :raises PdfUnreadable, PdfEncrypted, PdfActive, PdfTooManyPages, PdfTooManyObjects: by what taking a document apart shows
    """
    media_type = _judged_type(data, shown_name, accept, field)
    if media_type == PDF:
        _take_apart(data, field)
    picture = _decoded(data, media_type, field) if media_type in PICTURES else None
    served = picture.copy if picture else data
    digest, served_digest = vault.digest_of(data), vault.digest_of(served)
    with transaction.atomic():
        _lock(digest, served_digest)
        same = StoredFile.objects.filter(organisation=organisation, sha256=digest, is_private=private)
        known = (same.filter(uploaded_by=uploaded_by) if private else same).first()
        if known:
            return known
        vault.put(data, digest)
        vault.put(served, served_digest)
        stored = StoredFile.objects.create(
            organisation=organisation,
            uploaded_by=uploaded_by,
            uploaded_at=at,
            sha256=digest,
            size=len(data),
            media_type=media_type,
            served_sha256=served_digest,
            served_size=len(served),
            shown_name=cleaned(shown_name, media_type),
            width=picture.width if picture else None,
            height=picture.height if picture else None,
            is_private=private,
        )
        changes = first(stored, "sha256", "served_sha256", "size", "media_type", "shown_name")
        announce("files.file.stored", actor=uploaded_by, at=at, subject=stored, changes=changes, file_id=stored.pk)
    return stored


@transaction.atomic
def share(*, file_ids: Collection[int], organisation_ids: Collection[int], actor: User | None, at: datetime) -> int:
    """Show files to other organisations; return how many pairs are new. What is shown already stays so."""
    files = StoredFile.objects.filter(pk__in=file_ids).order_by("pk")
    wanted = [(file, other) for file, other in itertools.product(files, sorted(set(organisation_ids))) if file.organisation_id != other]
    known = set(
        FileShare.objects.filter(file_id__in=file_ids, organisation_id__in=organisation_ids).values_list("file_id", "organisation_id")
    )
    new = [(file, other) for file, other in wanted if (file.pk, other) not in known]
    FileShare.objects.bulk_create(
        [FileShare(file=file, owner_id=file.organisation_id, organisation_id=other, shared_at=at) for file, other in new],
        ignore_conflicts=True,
    )
    for file, other in new:
        announce("files.file.shared", actor=actor, at=at, subject=file, changes={"shared_with": [None, other]}, file_id=file.pk)
    return len(new)


@transaction.atomic
def forget(file_ids: Collection[int], *, at: datetime) -> int:
    """Delete files whose time is over, unless any row still refers to them; the sweeper takes the bytes. Return how many."""
    gone = 0
    for file in StoredFile.objects.select_for_update().filter(pk__in=file_ids).order_by("pk"):
        told = {"sha256": [file.sha256, None]}
        try:
            with transaction.atomic():
                announce("files.file.forgotten", actor=None, at=at, subject=file, changes=told, file_id=file.pk)
                FileShare.objects.filter(file=file).delete()
                file.delete()
        except (ProtectedError, IntegrityError):
            continue
        gone += 1
    return gone


def sweep() -> int:
    """Take away bytes that no row needs: leftovers of uploads whose transaction was rolled back. Return how many.

    Each content is removed under the lock that ``store`` takes before it looks, so a new upload of it is safe.
    """
    removed = vault.remove_unfinished(older_than_seconds=UNFINISHED_SECONDS)
    lying = vault.digests()
    while some := list(itertools.islice(lying, SWEPT_AT_ONCE)):
        removed += sum(_remove_orphan(digest) for digest in sorted(set(some) - _needed(some)))
    return removed


def _judged_type(data: bytes, name: str, accept: Collection[str], field: str | None) -> str:
    if not data:
        raise EmptyFile(field=field)
    if len(data) > settings.UPLOAD_MAX_BYTES:
        raise FileTooLarge(field=field, max=settings.UPLOAD_MAX_BYTES // 2**20)
    found = media_type_of(data)
    if found == PDF and not is_pdf(data):
        raise NotAPdf(field=field)
    if found in accept and not (found == CSV and not name.lower().endswith(".csv")):
        return found
    raise _misfit(found, name, accept)(field=field)


def _misfit(found: str, name: str, accept: Collection[str]) -> type[Refused]:
    """Return the refusal that helps most: what the sender seems to have meant, if it would have been accepted."""
    if PDF in accept and name.lower().endswith(".pdf"):
        return NotAPdf
    if PICTURES & set(accept) and found in ("", CSV):
        return NotAnImage
    return NotAnImage if set(accept) <= PICTURES else TypeNotAccepted


def _decoded(data: bytes, media_type: str, field: str | None) -> pictures.Picture:
    try:
        return pictures.read(data, media_type)
    except pictures.PictureTooLarge:
        raise ImageTooManyPixels(field=field, max=pictures.MAX_PIXELS // 1_000_000) from None
    except pictures.PictureMoves:
        raise AnimationNotAllowed(field=field) from None
    except pictures.PictureDamaged:
        raise ImageDamaged(field=field) from None


def _take_apart(data: bytes, field: str | None) -> None:
    match documents.flaw_of(data):
        case Flaw.UNREADABLE:
            raise PdfUnreadable(field=field)
        case Flaw.ENCRYPTED:
            raise PdfEncrypted(field=field)
        case Flaw.ACTIVE:
            raise PdfActive(field=field)
        case Flaw.TOO_MANY_PAGES:
            raise PdfTooManyPages(field=field, max=documents.MAX_PAGES)
        case Flaw.TOO_MANY_OBJECTS:
            raise PdfTooManyObjects(field=field, max=documents.MAX_OBJECTS)


def _lock(*digests: str) -> None:
    """Wait until nobody else stores or sweeps these contents; in one order, so that two uploads never wait crosswise."""
    with connection.cursor() as cursor:
        for digest in sorted(set(digests)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCKS, digest])


def _needed(digests: list[str]) -> set[str]:
    rows = StoredFile.objects.filter(Q(sha256__in=digests) | Q(served_sha256__in=digests)).values_list("sha256", "served_sha256")
    return {digest for row in rows for digest in row}


def _remove_orphan(digest: str) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LOCKS, digest])
        if not cursor.fetchone()[0] or _needed([digest]):
            return False
        vault.remove(digest)
    return True
