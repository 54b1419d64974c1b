"""The catalogues say all that the sources say, and nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from hall.words import CATALOGUES, Words
from hall.words.update import ROOMS, collect, merged, mo_bytes, po_bytes, stored

ROOT = Path(__file__).parents[4]
LANGUAGES = [path.stem for path in sorted(CATALOGUES.glob("*.po"))]
MAKE = "run: python -m hall.words.update"


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return collect()


def test_english_is_there() -> None:
    assert "en" in LANGUAGES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_catalogue_has_just_what_the_sources_say(lang: str, texts: Catalog) -> None:
    assert po_bytes(merged(lang, texts)) == (CATALOGUES / f"{lang}.po").read_bytes(), MAKE


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_is_translated_with_its_places(lang: str) -> None:
    catalogue = stored(lang)
    assert len(catalogue) > 300
    for message in catalogue:
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[0]
        forms = (
            [message.string] if isinstance(message.string, str) else list(message.string or [""])
        )
        for form in forms:
            assert form, f"not translated: {source}"
            assert _places(form) == _places(source), source


@pytest.mark.parametrize("lang", LANGUAGES)
def test_programs_read_what_translators_wrote(lang: str) -> None:
    assert (CATALOGUES / f"{lang}.mo").read_bytes() == mo_bytes(stored(lang)), MAKE


def test_templates_hold_no_text_of_their_own() -> None:
    for path in (ROOT / "web" / "templates").glob("*.html"):
        plain = re.sub(
            r"{#.*?#}|aria-(?:invalid|describedby)=\"[^\"]*\"|{{.*?}}|{%.*?%}|<[^>]*>",
            "",
            path.read_text("utf-8"),
        )
        left = plain.replace("English", "").replace("Tiếng Việt", "").replace("Đến Lượt", "")
        assert not re.search(r"[^\W\d_]", left), (path.name, left.split())


def test_a_new_language_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    french = Catalog(locale="fr", charset="utf-8")
    french.add("Chưa có người chờ", "Personne n’attend")
    (tmp_path / "fr.mo").write_bytes(mo_bytes(french))
    monkeypatch.setattr("hall.words.CATALOGUES", tmp_path)
    words = Words("fr")
    assert words("Chưa có người chờ") == "Personne n’attend"
    assert words("Mời quý vị nhận phiếu") == "Mời quý vị nhận phiếu"


def test_no_text_hides_in_an_f_string_from_older_pythons() -> None:
    for path, tree in _sources():
        strings = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        for call in (one for string in strings for one in _calls(string)):
            said = call.args and isinstance(call.args[0], ast.Constant)
            hidden = _name(call) in {"t", "N_", "of", "plural"} and said
            assert not hidden, (path, call.lineno)


def test_no_text_is_kept_in_two_languages_beside_the_catalogue() -> None:
    """Only `config` has such texts: those that a centre writes itself."""
    assert _tables(ast.parse('_SAID = {1: Text(vi="Chào", en="Hello")}')) == [1]
    assert _tables(ast.parse('N_("Chào")\nText(vi=mine, en=other)')) == []
    for path, tree in _sources():
        if path.relative_to(ROOT).parts[0] != "config":
            assert not _tables(tree), (path, _tables(tree))
    for room in {*ROOMS} - {"config"}:
        for path in (ROOT / room).rglob("*.toml"):
            assert not re.search(r"^(vi|en) = ", path.read_text("utf-8"), re.MULTILINE), path


def _tables(tree: ast.AST) -> list[int]:
    """Return the lines of calls such as Text(vi="…", en="…")."""
    return [
        call.lineno
        for call in _calls(tree)
        if {"vi", "en"} <= {word.arg for word in call.keywords if _is_text(word.value)}
    ]


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _name(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def _sources() -> Iterator[tuple[Path, ast.Module]]:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            yield path, ast.parse(path.read_text("utf-8"))


def _places(text: str) -> set[str]:
    return set(re.findall(r"{\w*[^}]*}|%\d", text))
