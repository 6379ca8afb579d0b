"""Files need permission at every single download (G24)."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assurance.files import actions, vault
from assurance.files.models import FileShare, StoredFile
from assurance.roles import ROLES_OF, Kind, Role
from tests import documents, factories
from tests.doors import Api, browser, flaws, said
from tests.enrolments import picture
from tests.factories import NOON

WHOLE_PDF = documents.pdf()
CLOSED = "default-src 'none'; sandbox"


def content(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def report(amal) -> StoredFile:
    return actions.store(organisation=amal.organisation, uploaded_by=amal, data=WHOLE_PDF, shown_name="检验报告.pdf", at=NOON)


@pytest.fixture
def photo(amal) -> StoredFile:
    return actions.store(organisation=amal.organisation, uploaded_by=amal, data=picture(), shown_name="正面.jpg", at=NOON)


@pytest.mark.promise("G24")
class TestWhoGetsAFile:
    @pytest.mark.parametrize("door", ["page", "api"])
    @pytest.mark.parametrize("role", sorted(Role))
    def test_is_told_for_every_role_of_another_organisation(self, role, door, report, hejian):
        kind = next(kind for kind, roles in ROLES_OF.items() if role in roles)
        user = factories.user(role, factories.organisation(kind))

        response = self.ask(browser(user), report, door)

        if kind == Kind.PLATFORM:
            assert (response.status_code, content(response)) == (200, WHOLE_PDF)
        else:
            assert response.status_code == 404
            assert b"%PDF" not in content(response)

    @pytest.mark.parametrize("door", ["page", "api"])
    @pytest.mark.parametrize("role", [Role.MERCHANT_OWNER, Role.MERCHANT_OPERATOR])
    def test_is_everybody_of_its_organisation(self, role, door, report, hejian):
        response = self.ask(browser(factories.user(role, hejian)), report, door)

        assert (response.status_code, content(response)) == (200, WHOLE_PDF)

    def test_is_nobody_without_sign_in(self, client, report):
        page = client.get(reverse("files:show", args=[report.pk]))
        api = client.get(f"/api/v1/files/{report.pk}/content/")

        assert (page.status_code, page.url.split("?")[0]) == (302, reverse("account_login"))
        assert api.status_code == 401

    @pytest.mark.parametrize("door", ["page", "api"])
    def test_is_nobody_from_the_moment_he_was_deactivated(self, ann, report, door):
        window = browser(ann)
        first = self.ask(window, report, door)
        assert (first.status_code, content(first)) == (200, WHOLE_PDF)

        type(ann).objects.filter(pk=ann.pk).update(is_active=False)

        for headers in ({}, {"If-None-Match": first.headers["ETag"]}):
            again = self.ask(window, report, door, headers=headers)
            assert again.status_code in (302, 401)
            assert b"%PDF" not in content(again)

    def test_is_another_organisation_once_it_was_shown_and_no_longer_when_not(self, report, amal, wei):
        window = browser(wei)
        assert self.ask(window, report, "page").status_code == 404
        actions.share(file_ids=[report.pk], organisation_ids=[wei.organisation_id], actor=amal, at=NOON)
        shown = self.ask(window, report, "page")
        assert (shown.status_code, content(shown)) == (200, WHOLE_PDF)

        FileShare.objects.all().delete()
        assert self.ask(window, report, "page", headers={"If-None-Match": shown.headers["ETag"]}).status_code == 404

    def ask(self, client, file, door, **kwargs):
        path = reverse("files:show", args=[file.pk]) if door == "page" else f"/api/v1/files/{file.pk}/content/"
        return client.get(path, **kwargs)


class TestADownload:
    def test_of_a_document_is_saved_and_can_run_nothing(self, amal, report):
        response = browser(amal).get(reverse("files:show", args=[report.pk]))

        assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == CLOSED
        assert response.headers["Cache-Control"] == "private, no-cache"

    def test_of_a_picture_is_the_copy_that_was_written_anew(self, amal, photo):
        response = browser(amal).get(reverse("files:show", args=[photo.pk]))

        assert vault.digest_of(content(response)) == photo.served_sha256 != photo.sha256
        assert response.headers["Content-Disposition"].startswith("inline")
        assert response.headers["Content-Security-Policy"] == CLOSED

    def test_is_not_sent_again_when_the_browser_has_it(self, amal, photo):
        window, path = browser(amal), reverse("files:show", args=[photo.pk])
        etag = window.get(path).headers["ETag"]

        again = window.get(path, headers={"If-None-Match": etag})

        assert (again.status_code, again.content, again.headers["Content-Security-Policy"]) == (304, b"", CLOSED)

    def test_is_not_found_when_the_bytes_are_gone(self, amal, report):
        vault.remove(report.sha256)

        assert browser(amal).get(reverse("files:show", args=[report.pk])).status_code == 404

    def test_of_a_table_is_saved(self, amal):
        stored = actions.store(organisation=amal.organisation, uploaded_by=amal, data="商品,售价\n".encode(), shown_name="a.csv", at=NOON)

        response = browser(amal).get(reverse("files:show", args=[stored.pk]))

        assert response.headers["Content-Disposition"] == 'attachment; filename="a.csv"'


@pytest.mark.row("P19.1")
class TestUploadingByTheApi:
    def test_answers_with_what_is_known(self, amal):
        response = Api(amal).upload("/files/", file=SimpleUploadedFile("报告.pdf", WHOLE_PDF, "application/pdf"))

        made = response.json()
        assert response.status_code == 201
        assert response.headers["Location"] == f"/api/v1/files/{made['id']}/"
        assert (made["shown_name"], made["media_type"], made["size"]) == ("报告.pdf", "application/pdf", len(WHOLE_PDF))

    def test_refuses_what_is_neither_picture_nor_pdf(self, amal):
        response = Api(amal).upload("/files/", file=SimpleUploadedFile("a.jpg", b"<html>", "image/jpeg"))

        assert said(response) == (415, "not_an_image")
        assert flaws(response) == {"file": "not_an_image"}

    def test_refuses_too_much(self, amal, settings):
        settings.UPLOAD_MAX_BYTES = 1000

        assert said(Api(amal).upload("/files/", file=SimpleUploadedFile("a.jpg", bytes(1001), "image/jpeg"))) == (413, "file_too_large")

    def test_needs_a_file(self, amal):
        assert said(Api(amal).upload("/files/", file="text"))[0] == 400
        assert said(Api(amal).post("/files/", {"file": "x"})) == (415, "unsupported_media_type")

    def test_is_no_business_of_a_streamer(self, db):
        streamer = factories.user(Role.STREAMER, factories.organisation(Kind.STUDIO))
        upload = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")

        assert said(Api(streamer).upload("/files/", file=upload)) == (403, "permission_denied")
