import ast
import re
from datetime import datetime
from pathlib import Path

import pytest

import web
from web.words import Words, english

PACKAGE = Path(web.__file__).parent
VI, EN = Words("vi"), Words("en")


def _literals(path: Path) -> set[str]:
    """Return the texts of a Python file that are not docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare
    }


def _texts() -> set[str]:
    """Return every text that the page takes from its words."""
    in_code = {text for path in PACKAGE.rglob("*.py") for text in _literals(path)}
    vietnamese = {text for text in in_code if re.search(r"[^\W\d_a-zA-Z]", text)}
    named = {text for text in in_code if text in english()}
    in_pages = {
        text
        for path in (PACKAGE / "templates").glob("*.html")
        for text in re.findall(r"""\bt\(["']([^"']+)["']""", path.read_text("utf-8"))
    }
    weekdays = {"Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"}
    return (vietnamese | named | in_pages) - weekdays


def test_every_text_has_its_english_and_no_english_is_left_over() -> None:
    assert _texts() == set(english())


def test_translations_keep_their_values() -> None:
    for vietnamese, translated in english().items():
        assert set(re.findall(r"{\w+}", vietnamese)) == set(re.findall(r"{\w+}", translated))


def test_templates_hold_no_text_of_their_own() -> None:
    for path in (PACKAGE / "templates").glob("*.html"):
        plain = re.sub(r"{#.*?#}|{{.*?}}|{%.*?%}|<[^>]*>", "", path.read_text("utf-8"))
        left = plain.replace("English", "").replace("Tiếng Việt", "").replace("Đến Lượt", "")
        assert not re.search(r"[^\W\d_]", left), (path.name, left.split())


def test_an_unknown_language_is_vietnamese() -> None:
    assert Words("fr").lang == "vi"
    assert Words("fr")("Hôm nay") == "Hôm nay"
    assert EN("Hôm nay") == "Today"


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, "–"), (0, "0:00"), (59.6, "1:00"), (581, "9:41"), (4503, "75:03")]
)
def test_duration(seconds: float | None, text: str) -> None:
    assert VI.duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "–"), (29.9, "dưới 1 phút"), (30, "1 phút"), (89.9, "1 phút"), (90, "2 phút")],
)
def test_minutes(seconds: float | None, text: str) -> None:
    assert VI.minutes(seconds) == text


def test_minutes_range() -> None:
    assert VI.minutes_range((5, 10)) == "5–10 phút"
    assert EN.minutes_range((5, 5)) == "5 min"
    assert VI.minutes_range((0, 5)) == "dưới 5 phút"
    assert VI.minutes_range((0, 0)) == "0 phút"
    assert VI.minutes_range(None) == "–"


def test_counts_and_days() -> None:
    assert (VI.count(3314), EN.count(3314)) == ("3.314", "3,314")
    monday = datetime(2026, 11, 23)  # noqa: DTZ001 - a local date
    assert VI.weekday(monday) == "Thứ Hai, 23/11/2026"
    assert EN.weekday(monday) == "Monday, 23 November 2026"
