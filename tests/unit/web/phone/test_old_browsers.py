"""Citizens' pages run in browsers of 2018: nothing they lack is in scripts and styles of ours."""

import re

import pytest

from web.assets import STATIC

PUBLIC = STATIC / "public"
TOO_NEW_IN_SCRIPTS = {
    "optional chaining": r"\?\.[A-Za-z_\[(]",
    "nullish coalescing": r"\?\?",
    "spread of objects": r"\{\s*\.\.\.",
    "catch without a name": r"catch\s*\{",
    "class fields": r"#[a-z]\w*\s*[=;(]",
    "assignment by logic": r"(\|\||&&)=",
    "modules": r"^\s*(import|export)\b",
    "methods of later years": (
        r"\.(replaceChildren|flat|flatMap|at|matchAll|replaceAll|allSettled|toSorted|findLast"
        r"|trimStart|trimEnd|fromEntries|append|before|after|toggleAttribute)\("
    ),
    "globals of later years": r"\b(globalThis|structuredClone|queueMicrotask|AbortController)\b",
    "separators in numbers": r"\b\d+_\d+\b",
    "async iteration": r"for await|async \*",
}
TOO_NEW_IN_STYLES = {
    "functions": r"\b(clamp|min|max)\(",
    "selectors": r":(is|where|has|focus-visible|not\([^)]*,)",
    "properties": r"\b(inset|aspect-ratio|accent-color|margin-inline|padding-inline)\s*:",
    "units": r"\d(dvh|svh|lvh|cqw)\b",
    "gaps": r"(^|[;{\s])gap\s*:",
    "rules": r"@(layer|container|property|supports)",
    "nesting": r"\n\s+&",
}


@pytest.mark.parametrize("what", TOO_NEW_IN_SCRIPTS)
def test_scripts(what: str) -> None:
    text = (PUBLIC / "phone.js").read_text()
    assert not re.search(TOO_NEW_IN_SCRIPTS[what], text, re.MULTILINE), what


@pytest.mark.parametrize("what", TOO_NEW_IN_STYLES)
def test_styles(what: str) -> None:
    text = (PUBLIC / "public.css").read_text()
    assert not re.search(TOO_NEW_IN_STYLES[what], text, re.MULTILINE), what


def test_the_patterns_find_what_they_name() -> None:
    newer = "a?.b ?? c; const d = {...e}; try {} catch {} f ||= 1; x.at(-1); globalThis; 1_000"
    found = [what for what, wanted in TOO_NEW_IN_SCRIPTS.items() if re.search(wanted, newer)]
    assert len(found) == 8, found


def test_all_that_a_page_loads_is_light() -> None:
    files = ("public.css", "phone.js", "icon.svg", *(file.name for file in PUBLIC.glob("*.woff2")))
    assert sum((PUBLIC / name).stat().st_size for name in files) < 52_000, "8 kB are for the page"
