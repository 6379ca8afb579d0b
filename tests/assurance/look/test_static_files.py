"""What is served from npm, and that templates and style sheets name only what is there."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from assurance.static_files import FILES, NpmFinder, StaticStorage, listed

TEMPLATES = settings.BASE_DIR / "templates"


class TestTheFinder:
    def test_finds_what_is_on_the_list(self):
        found = finders.find("vendor/tabler.min.css")

        assert found == str(settings.NODE_MODULES / "@tabler/core/dist/css/tabler.min.css")

    @pytest.mark.parametrize("address", ["vendor/tabler.css", "vendor/../package.json", "vendor/noto-sans-sc/files/../package.json", ""])
    def test_finds_nothing_else(self, address):
        assert NpmFinder().find(address) == []
        assert NpmFinder().find(address, find_all=True) == []

    def test_lists_every_slice_that_the_font_asks_for(self):
        style_sheet = Path(NpmFinder().find("vendor/noto-sans-sc/index.css")).read_text()
        asked = {f"vendor/noto-sans-sc/{name}" for name in re.findall(r"url\(\./([^)]+)\)", style_sheet)}

        assert len(asked) == 101
        assert asked <= {address for address, _ in NpmFinder().list(None)}

    def test_says_at_start_what_was_not_set_up(self, settings, tmp_path):
        settings.NODE_MODULES = tmp_path

        problems = NpmFinder().check()

        assert [problem.id for problem in problems] == ["assurance.E101"] * 6
        assert problems[0].msg == f"{FILES['vendor/tabler.min.css']} is not in node_modules"
        assert listed(tmp_path) == FILES

    def test_has_nothing_to_say_when_all_is_there(self):
        assert NpmFinder().check() == []


class TestTheStorage:
    def test_leaves_comments_about_source_maps_alone(self):
        rules = [rule if isinstance(rule, str) else rule[0] for _, group in StaticStorage.patterns for rule in group]

        assert rules
        assert not [rule for rule in rules if "sourceMappingURL" in rule]

    def test_collects_everything_under_names_with_a_digest(self, settings, tmp_path):
        settings.STATIC_ROOT = tmp_path
        source = NpmFinder()
        storage = StaticStorage(location=tmp_path, base_url="/static/")
        paths = {}
        for address in ("vendor/tabler.min.css", "vendor/echarts.min.js"):
            with source.storage.open(address) as file:
                storage.save(address, file)
            paths[address] = (storage, address)

        hashed = {name: stored for name, stored, _ in storage.post_process(paths) if not str(stored).endswith((".gz", ".br"))}

        assert re.fullmatch(r"vendor/tabler\.min\.[0-9a-f]{12}\.css", hashed["vendor/tabler.min.css"])


class TestTheTemplates:
    def test_name_only_static_files_that_exist(self):
        named = {name for file in TEMPLATES.rglob("*.html") for name in re.findall(r'{% static "([^"]+)"', file.read_text())}

        assert named
        assert [name for name in sorted(named) if not finders.find(name)] == []
