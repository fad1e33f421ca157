"""The libraries' Vietnamese: complete, and saying no more and no less than the English."""

import json
import re
import unicodedata
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override

from lms.kernel import catalogues, upstream
from lms.kernel.upstream import Library

CATALOGUES = sorted(
    path
    for name in upstream.LIBRARIES
    for path in (Path(settings.ROOT) / "locale" / name).glob("vi/LC_MESSAGES/*.po")
)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z](?!\w)|\{\w*\}")
TAG = re.compile(r"</?\w+")


def _said(entry: polib.POEntry) -> str:
    return entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr


def _heard(name: str) -> dict[catalogues.Key, str]:
    return upstream.theirs(name) | upstream.ours(name)


each_catalogue = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: f"{path.parts[-4]}-{path.stem}")


@each_catalogue
@pytest.mark.parametrize("thing", [PLACEHOLDER, TAG], ids=["placeholders", "tags"])
def test_a_translation_has_the_placeholders_and_tags_of_the_english(path, thing):
    differing = [
        entry.msgid
        for entry in polib.pofile(str(path))
        if sorted(thing.findall(_said(entry))) != sorted(thing.findall(entry.msgid_plural or entry.msgid))
    ]

    assert differing == []


@each_catalogue
def test_a_catalogue_is_finished_composed_and_has_one_plural_form(path):
    catalogue = polib.pofile(str(path))

    assert [e.msgid for e in catalogue if not _said(e).strip() or e.fuzzy or e.obsolete] == []
    assert [e.msgid for e in catalogue if _said(e) != unicodedata.normalize("NFC", _said(e))] == []
    assert [e.msgid for e in catalogue if e.msgid_plural and set(e.msgstr_plural) != {0}] == []
    assert [e.msgid for e in catalogue if e.msgid.endswith("\n") != _said(e).endswith("\n")] == []
    assert catalogue.metadata["Plural-Forms"] == "nplurals=1; plural=0;"


def test_nothing_that_allauth_says_lacks_vietnamese():
    assert upstream.missing("allauth") == []


def test_ours_is_heard_over_the_librarys_own():
    with override("vi"):
        assert gettext("Password reset unsuccessful") == "Chưa đặt lại được mật khẩu"
        assert ngettext("%(num)d day", "%(num)d days", 3) % {"num": 3} == "3 ngày"


def test_a_room_says_a_librarys_word_otherwise_only_where_that_is_meant():
    """A room's word is heard everywhere: a clash on this list is harmless, any other needs a context."""
    meant = {"Khmer", "Name", "Position", "Show", "expired", "title"}
    rooms = {
        key: said
        for room in catalogues.rooms()
        for key, said in catalogues.translated(catalogues.catalogue_path(room)).items()
    }
    libraries = {key: said for name in upstream.LIBRARIES for key, said in _heard(name).items()}

    clashing = {key for key in rooms.keys() & libraries.keys() if rooms[key] != libraries[key]}

    assert clashing == {(None, word) for word in meant}


def test_two_libraries_say_a_word_alike():
    """Whichever comes first would be heard on the other's pages."""
    said: dict[catalogues.Key, set[str]] = {}
    for name in upstream.LIBRARIES:
        for key, text in _heard(name).items():
            said.setdefault(key, set()).add(text)

    assert {key: texts for key, texts in said.items() if len(texts) > 1} == {}


class TestUpdate:
    """On a room of its own, so that the catalogues that ship are left alone."""

    @pytest.fixture(autouse=True)
    def root(self, settings, tmp_path):
        settings.ROOT = tmp_path

    def test_writes_what_the_library_lacks(self):
        lacking = upstream.update("allauth")

        written = polib.pofile(str(catalogues.catalogue_path("allauth")))
        assert {(m.context, m.msgid) for m in lacking} == {(e.msgctxt, e.msgid) for e in written}
        assert "Remember Me" in {e.msgid for e in written}

    def test_leaves_out_what_the_library_translates_unless_ours_says_it_better(self, monkeypatch):
        monkeypatch.setitem(upstream.LIBRARIES, "settings", Library(("wagtail.contrib.settings",)))
        path = catalogues.catalogue_path("settings")
        upstream.update("settings")
        lacking = {e.msgid for e in polib.pofile(str(path))}
        catalogues.rewrite(path, [catalogues.Message("Settings")])
        corrected = polib.pofile(str(path))
        corrected[0].msgstr = "Thiết lập"
        corrected.save()

        upstream.update("settings")

        said = {e.msgid: e.msgstr for e in polib.pofile(str(path))}
        assert lacking == {"%(model)s permissions", "%(site_setting)s for %(site)s"}
        assert set(said) == lacking | {"Settings"}
        assert said["Settings"] == "Thiết lập"

    def test_drops_what_the_library_no_longer_says(self):
        path = catalogues.catalogue_path("allauth")
        catalogues.rewrite(path, [catalogues.Message("Said by no release")])

        upstream.update("allauth")

        assert [e for e in polib.pofile(str(path)) if e.msgid == "Said by no release"] == []

    def test_writes_no_file_for_a_library_without_scripts(self):
        assert upstream.update("allauth", "djangojs") == []
        assert not catalogues.catalogue_path("allauth", "djangojs").exists()

    def test_the_check_fails_and_names_each_text_when_one_is_missing(self, capsys):
        with pytest.raises(CommandError, match="texts have no Vietnamese"):
            call_command("catalogue", "allauth", upstream=True, check=True)

        assert "'Remember Me'" in capsys.readouterr().err


class TestCollect:
    def test_reads_a_template_whatever_its_indentation(self, tmp_path):
        page = tmp_path / "page.html"
        page.write_text("<p>\n        {% trans 'One' %}\n    {% trans 'Two' %}\n  </p>\n")

        assert [m.msgid for m in catalogues.collect([page], under=tmp_path)] == ["One", "Two"]

    def test_counts_a_text_that_is_counted_in_one_place_and_not_in_another(self, tmp_path):
        (tmp_path / "plain.py").write_text("gettext('1 page')")
        (tmp_path / "many.py").write_text("ngettext('1 page', '{n} pages', n)")

        (message,) = catalogues.collect([tmp_path / "plain.py", tmp_path / "many.py"], under=tmp_path)

        assert (message.plural, message.places) == ("{n} pages", [("plain.py", "1"), ("many.py", "1")])


@pytest.mark.django_db
def test_the_editors_scripts_are_given_the_vietnamese_of_their_own_catalogue(client, django_user_model):
    client.force_login(django_user_model.objects.create(username="editor"))

    said = client.get(reverse("wagtailadmin_javascript_catalog"), headers={"accept": "text/javascript"})

    catalogue = json.loads(re.findall(r"newcatalog = (\{.*?\});", said.text, re.DOTALL)[0])
    assert catalogue["Autosave in progress…"] == "Đang tự động lưu…"
    assert catalogue["Server Error"] == "Lỗi máy chủ"
