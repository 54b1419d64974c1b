"""docs/accessibility.md says nothing that no test says."""

import re
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PAGE = (_ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
_WCAG_2_2_A_AND_AA = 55
_EN_CLAUSES = 50


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", _PAGE))
    assert len(named) > 10
    for file, name in named:
        source = (_ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"^def {name}\(", source, re.MULTILINE), f"{file}::{name}"


def test_every_row_has_a_result_and_a_reason() -> None:
    rows = re.findall(r"^\| (\d+(?:\.\d+)+) \|(.*)\|$", _PAGE, re.MULTILINE)
    wcag = {number for number, rest in rows if re.match(r" A{1,2} \|", rest)}
    clauses = {number for number, rest in rows if not re.match(r" A{1,2} \|", rest)}
    assert len(wcag) == _WCAG_2_2_A_AND_AA
    assert len(clauses) == _EN_CLAUSES
    for number, rest in rows:
        *levels, _, result, why = (cell.strip() for cell in rest.split("|"))
        assert len(levels) == (number in wcag), number
        assert result.startswith(("thử", "không áp dụng", "chưa", "nơi lắp đặt", "có")), number
        assert len(why) > 10, number
        assert result[:3] != "thử" or "::" in why, number


def test_it_claims_nothing_about_a_law() -> None:
    assert "đạt chuẩn" not in _PAGE.lower()
