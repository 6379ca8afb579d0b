"""Uploads are kept whole, once, under their content; what nobody needs is swept away."""

from __future__ import annotations

import hashlib
import os
import threading
import time

import pytest
from django.db import connection, transaction

from assurance.events.models import Event
from assurance.files import actions
from assurance.files.models import FileShare, StoredFile
from assurance.files.sniffing import DOCUMENTS, PICTURES
from tests import documents
from tests.enrolments import picture
from tests.factories import NOON

WHOLE_PDF = documents.pdf()
HTML = b"<!doctype html><script>alert(1)</script>"


def store(user, data, name="a.jpg", **given):
    return actions.store(organisation=user.organisation, uploaded_by=user, data=data, shown_name=name, at=NOON, **given)


def lying(folder) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


class TestStoringAFile:
    def test_keeps_the_bytes_untouched_and_a_clean_copy_to_show(self, amal, vault):
        data = picture() + b"PK trailer"

        stored = store(amal, data, "../正面.jpg")

        assert (stored.sha256, stored.size) == (hashlib.sha256(data).hexdigest(), len(data))
        assert (stored.shown_name, stored.media_type, stored.width, stored.height) == ("正面.jpg", "image/jpeg", 40, 30)
        assert lying(vault) == {stored.sha256, stored.served_sha256}
        assert (vault / stored.sha256[:2] / stored.sha256).read_bytes() == data
        assert b"trailer" not in (vault / stored.served_sha256[:2] / stored.served_sha256).read_bytes()
        assert Event.objects.about(stored).get().kind == "files.file.stored"

    def test_serves_a_document_as_it_is(self, amal):
        stored = store(amal, WHOLE_PDF, "report.pdf", accept=DOCUMENTS)

        assert (stored.media_type, stored.served_sha256, stored.width) == ("application/pdf", stored.sha256, None)

    def test_keeps_the_same_bytes_of_an_organisation_once(self, amal, ann, vault):
        data = picture()

        assert store(amal, data).pk == store(ann, data, "again.jpg").pk
        assert StoredFile.objects.count() == 1

    def test_gives_every_organisation_its_own_file_over_shared_bytes(self, amal, chidi, vault):
        data = picture()
        mine, theirs = store(amal, data), store(chidi, data)

        assert mine.pk != theirs.pk
        assert len(lying(vault)) == 2

    @pytest.mark.promise("G26")
    @pytest.mark.parametrize(
        ("data", "name", "accept", "code", "status"),
        [
            (b"", "a.jpg", PICTURES, "empty_file", 422),
            (b"\xff", "a.jpg", PICTURES, "not_an_image", 415),
            (HTML, "a.jpg", PICTURES, "not_an_image", 415),
            (HTML, "a.jpg", DOCUMENTS, "not_an_image", 415),
            (HTML, "a.pdf", DOCUMENTS, "not_a_pdf", 415),
            (b"%PDF-1.7\n" + HTML, "a.pdf", DOCUMENTS, "not_a_pdf", 415),
            (b"GIF89a=1;alert(1)//", "a.jpg", DOCUMENTS, "not_an_image", 415),
            (b"II*\x00\x08\x00", "scan.jpg", PICTURES, "not_an_image", 415),
            (b"a,b\n1,2\n", "a.csv", DOCUMENTS, "not_an_image", 415),
            (b"a,b\n1,2\n", "a.html", actions.ALL, "not_an_image", 415),
            (WHOLE_PDF, "a.jpg", PICTURES, "not_an_image", 415),
            (b"\xff\xd8\xff\xe0 nothing", "a.jpg", PICTURES, "image_damaged", 422),
        ],
    )
    def test_refuses_what_is_not_what_it_should_be(self, amal, vault, data, name, accept, code, status):
        with pytest.raises(actions.Refused) as refused:
            store(amal, data, name, accept=accept, field="picture")

        assert (refused.value.code, refused.value.status, refused.value.field) == (code, status, "picture")
        assert not StoredFile.objects.exists()
        assert not vault.exists()

    def test_refuses_more_than_is_allowed(self, amal, settings):
        settings.UPLOAD_MAX_BYTES = 2**20

        with pytest.raises(actions.FileTooLarge) as refused:
            store(amal, b"\xff\xd8\xff" + bytes(2**20))

        assert (refused.value.status, str(refused.value)) == (413, "The file is too large. At most 1 MB are accepted.")

    def test_names_the_pixels_it_accepts(self, amal):
        with pytest.raises(actions.ImageTooManyPixels, match="At most 40 megapixels") as refused:
            store(amal, picture("PNG", (8001, 5000)))

        assert refused.value.params == {"max": 40}

    def test_leaves_nothing_half_written(self, amal, vault, monkeypatch):
        def full(handle):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)

        with pytest.raises(OSError, match="No space left"):
            store(amal, WHOLE_PDF, "a.pdf")
        assert lying(vault) == set()
        assert not StoredFile.objects.exists()


class TestSweeping:
    def test_takes_away_what_a_rolled_back_upload_left(self, amal, vault):
        kept = store(amal, WHOLE_PDF, "a.pdf")
        with transaction.atomic():
            store(amal, WHOLE_PDF + b"\n", "b.pdf")
            transaction.set_rollback(True)
        assert len(lying(vault)) == 2

        assert actions.sweep() == 1
        assert lying(vault) == {kept.sha256}
        assert actions.sweep() == 0

    def test_leaves_an_upload_alone_that_is_still_being_written(self, amal, vault):
        folder = vault / "unfinished"
        folder.mkdir(parents=True)
        for name, age in (("new", 0), ("old", 7200)):
            (folder / name).write_bytes(b"x")
            os.utime(folder / name, (time.time() - age,) * 2)

        assert actions.sweep() == 1
        assert lying(vault) == {"new"}

    def test_waits_for_whoever_stores_the_same_bytes(self, committed_db, amal, vault):
        """The row of the second upload is not committed yet: only the lock tells the sweeper that it comes."""
        with transaction.atomic():
            store(amal, WHOLE_PDF, "a.pdf")
            transaction.set_rollback(True)
        swept: list[int] = []

        def sweep():
            swept.append(actions.sweep())
            connection.close()

        with transaction.atomic():
            stored = store(amal, WHOLE_PDF, "a.pdf")
            other = threading.Thread(target=sweep)
            other.start()
            other.join(10)

        assert swept == [0]
        assert lying(vault) == {stored.sha256}


class TestSharing:
    def test_shows_a_file_to_another_organisation_once(self, amal, wei):
        file = store(amal, WHOLE_PDF, "a.pdf")
        given = {"file_ids": [file.pk], "organisation_ids": [wei.organisation_id, amal.organisation_id], "actor": amal, "at": NOON}

        assert [actions.share(**given), actions.share(**given)] == [1, 0]
        share = FileShare.objects.get()
        assert (share.owner_id, share.organisation_id) == (amal.organisation_id, wei.organisation_id)
        assert list(StoredFile.objects.visible_to(wei)) == [file]
        assert Event.objects.filter(kind="files.file.shared").count() == 1


class TestTheVault:
    def test_never_uses_a_name_from_outside(self, amal, vault):
        store(amal, WHOLE_PDF, "../../../etc/passwd.pdf")

        assert [path.relative_to(vault).parts[0] for path in vault.rglob("*") if path.is_file()] == [StoredFile.objects.get().sha256[:2]]

    def test_keeps_files_for_its_own_process_only(self, amal, vault):
        stored = store(amal, WHOLE_PDF, "a.pdf")

        assert (vault / stored.sha256[:2]).stat().st_mode & 0o007 == 0
