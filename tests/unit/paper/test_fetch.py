"""Who is fetched reads so on the paper, and nobody reads why."""

from dataclasses import replace

import pytest

from bus.vocabulary import Language, TicketClass
from paper.blocks import Paragraph
from paper.composing import compose
from paper.layout import Fetch, Layout, built_in_layouts
from paper.ticket import file_ticket, sample_ticket

FETCHED = replace(sample_ticket(), ticket_class=TicketClass.PRIORITY, fetch=True)
SAID = "Cán bộ sẽ đến mời quý vị tại chỗ."


def said(layout: Layout, dots: int, **changes: object) -> list[str]:
    ticket = replace(FETCHED, **changes)  # type: ignore[arg-type]
    return [block.text for block in compose(ticket, layout, dots) if isinstance(block, Paragraph)]


@pytest.mark.parametrize("name", ["standard", "large", "short"])
@pytest.mark.parametrize("dots", [576, 512, 384])
def test_every_layout_says_that_somebody_comes(name: str, dots: int) -> None:
    layout = getattr(built_in_layouts(), name)
    assert SAID in said(layout, dots)
    assert SAID not in said(layout, dots, fetch=False)
    english = said(layout, dots, lang=Language.ENGLISH)
    assert "Staff will come to you when it is your turn." in english


def test_a_layout_of_ones_own_that_knows_nothing_of_it_says_it_too() -> None:
    standard = built_in_layouts().standard
    blocks = tuple(block for block in standard.blocks if not isinstance(block, Fetch))
    assert said(Layout(blocks=blocks), 576)[-1] == SAID


def test_the_paper_for_the_file_says_nothing_of_it() -> None:
    assert not file_ticket(FETCHED).fetch
