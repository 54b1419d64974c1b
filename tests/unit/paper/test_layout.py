from dataclasses import replace
from pathlib import Path

import pytest

from config import ConfigError
from config.settings import KioskBox, SimulatedPrinter, TicketLayouts
from paper import Ticket
from paper.layout import built_in_layouts, load_layout, load_layouts

SMALLEST = """
[[blocks]]
block = "copy"
size = { 384 = 24 }

[[blocks]]
block = "number"
size = { 384 = 132 }
"""


def written(directory: Path, text: str) -> Path:
    path = directory / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("dots", [576, 512, 384])
def test_the_built_in_layouts_fit_every_paper(dots: int) -> None:
    layouts = built_in_layouts()
    for layout in (layouts.standard, layouts.large, layouts.short):
        assert layout.missing(dots) is None


def test_reads_a_layout_of_ones_own(tmp_path: Path) -> None:
    layout = load_layout(written(tmp_path, SMALLEST), [384])
    assert [type(block).__name__ for block in layout.blocks] == ["Copy", "Number"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("number", "nummer"), r"mine\.toml: Invalid value 'nummer' - at `\$\.blocks\[1\]\.block`"),
        (
            ("384 = 132", "400 = 132"),
            r"Invalid enum value 400 - at `key` in `\$\.blocks\[1\]\.size`",
        ),
        (("384 = 132", "384 = 12"), r"Expected `int` >= 48 - at `\$\.blocks\[1\]\.size\[\.\.\.\]`"),
        (
            ("{ 384 = 24 }", "{ 384 = 24 }\ncolour = 1"),
            r"unknown field `colour` - at `\$\.blocks\[0",
        ),
        (("{ 384 = 24 }", "{}"), r"length >= 1 - at `\$\.blocks\[0\]\.size`"),
        (("[[blocks]]", "[blocks]"), r"mine\.toml: "),
    ],
)
def test_says_which_file_and_where_it_is_wrong(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    path = written(tmp_path, SMALLEST.replace(*change))
    with pytest.raises(ConfigError, match=said):
        load_layout(path)


@pytest.mark.parametrize(("name", "other"), [("copy", "caption"), ("number", "time")])
def test_no_ticket_does_without_its_number_and_the_mark_of_a_copy(
    tmp_path: Path, name: str, other: str
) -> None:
    text = SMALLEST.replace(f'"{name}"', f'"{other}"').replace("132", "40")
    text = text.replace('"number"\nsize = { 384 = 40', '"number"\nsize = { 384 = 132')
    with pytest.raises(ConfigError, match=f"no block '{name}' with a size for paper of 384 dots"):
        load_layout(written(tmp_path, text), [384])


def test_a_box_checks_its_own_layouts_for_the_paper_it_has(tmp_path: Path) -> None:
    mine = TicketLayouts(large=str(written(tmp_path, SMALLEST)))
    narrow = load_layouts(KioskBox(printers=(SimulatedPrinter(dots=384),), layouts=mine))
    assert len(narrow.large.blocks) == 2
    assert narrow.standard == built_in_layouts().standard
    with pytest.raises(ConfigError, match=r"mine\.toml: .* paper of 576 dots - at \$\.blocks"):
        load_layouts(KioskBox(layouts=mine))
    with pytest.raises(ConfigError, match=r"none\.toml: cannot be read"):
        load_layouts(KioskBox(layouts=TicketLayouts(short=str(tmp_path / "none.toml"))))


def test_the_reader_and_the_printer_choose_the_layout(ticket: Ticket) -> None:
    layouts = built_in_layouts()
    large = replace(ticket, large=True)
    assert layouts.choose(ticket) is layouts.standard
    assert layouts.choose(large, "fast") is layouts.large
    slow = replace(layouts, slow=frozenset({"old"}))
    assert slow.choose(large, "old") is slow.choose(ticket, "old") is layouts.short
