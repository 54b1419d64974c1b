"""What every template keeps to: forms that are bound to their session, nothing inline."""

import re
from pathlib import Path

import pytest

TEMPLATES = sorted((Path(__file__).parents[3] / "web" / "templates").glob("*.html"))
_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
_INLINE = re.compile(r"\sstyle=|\son[a-z]+=[\"']|<style|javascript:", re.IGNORECASE)
_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=\"/)[^>]*>")
_LITERAL = re.compile(r"'[^'{}]*'$")
_WITHOUT_LOGIN = '{% extends "public.html" %}'
"""No cookie opens these pages: nobody's browser can be made to do what its owner may."""
_PART_WITHOUT_LOGIN = "phone_served.html"
"""It is included by such a page alone; its form goes to an address that is itself the secret."""
_BY_CODE = "rating_pair.html"
"""Its form holds a code that works once and for five minutes: whoever could forge the form would
have to have it, and could pair a tablet by themselves. Where it comes from is looked at too."""
_UNESCAPED = re.compile(r"\|\s*safe\b")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template(path: Path) -> None:
    text = path.read_text()
    for form in _FORM.findall(text):
        public = text.startswith(_WITHOUT_LOGIN) or path.name == _PART_WITHOUT_LOGIN
        bound = not public and path.name != _BY_CODE
        if 'method="post"' in form and bound:
            assert "csrf_field()" in form, form[:200]
    assert not _INLINE.findall(text)
    assert not _SCRIPT.findall(text)
    for safe in _UNESCAPED.finditer(text):
        before = text[: safe.start()]
        assert _LITERAL.search(before), f"{before[-80:]}|safe: only a literal may be unescaped"
