"""What docs/boards.md tells people to write into device.toml can be read."""

import re
from datetime import UTC, datetime
from pathlib import Path

from bus.states import BoardCounter, BoardState, Missed
from bus.vocabulary import CounterStatus, TicketClass
from config import load_centre, load_device
from hall.board import words
from hall.words import Words

PAGE = (Path(__file__).parents[4] / "docs" / "boards.md").read_text()


def test_the_examples_are_settings(tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    boxes = []
    for example in examples:
        path = tmp_path / "device.toml"
        path.write_text(example)
        boxes.append(load_device(path))
    two, one, web, pictures = boxes
    assert [(board.screen.screen, board.layout) for board in two.boards] == [
        ("HDMI-1", "calls+media"),
        ("HDMI-2", "auto"),
    ]
    assert [board.layout for board in one.boards] == ["grid"]
    assert web.web.board_screens == ("tv-1", "tv-3")
    assert pictures.web.board_media.folder == "/srv/denluot/media"


def test_the_rule_it_quotes_is_the_one_that_runs() -> None:
    page, centre = " ".join(PAGE.split()), load_centre()
    now = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
    appointed = BoardCounter(
        counter=1, status=CounterStatus.OPEN, ticket_class=TicketClass.APPOINTMENT
    )
    missed = Missed(numbers=("1002",), total=1)
    board = BoardState(epoch="E", rev=1, at=now, counters=(appointed,), missed=missed)
    rules = words.sentences(centre, board, (), now, Words())[:3]
    assert all(f'"{sentence}"' in page for sentence in rules), rules


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"\]\((screenshots/[^)]+)\)", PAGE)
    assert pictures
    folder = Path(__file__).parents[4] / "docs"
    assert all((folder / picture).is_file() for picture in pictures)
