import pytest

from hardware.printer.selftest.command import test_page as draw_page
from paper.reading import Code, Cut, read_job
from paper.rendering import render


@pytest.mark.parametrize("dots", [576, 512, 384])
def test_reaches_both_edges_and_ends_with_a_cut(dots: int) -> None:
    job = draw_page(dots, "IN THỬ", ["kiosk-1 · epson", "x" * 200], "denluot kiosk-1")
    paper = render(job, dots).image
    assert paper.width == dots
    middle = paper.height // 3
    assert [paper.getpixel((x, middle)) for x in (0, dots - 1)] == [0, 0]
    actions = list(read_job(job))
    assert [action for action in actions if isinstance(action, Code)] == [
        Code("denluot kiosk-1", 6)
    ]
    assert isinstance(actions[-1], Cut)
