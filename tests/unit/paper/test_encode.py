import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from bus.vocabulary import Language, TicketClass
from hardware.printer.thermal import CHUNK
from paper import Ticket, encode_ticket, sample_ticket
from paper.composing import compose
from paper.drawing import draw
from paper.encode import BAND_ROWS, encode, encode_layout
from paper.layout import built_in_layouts
from paper.reading import Align, Code, Cut, Feed, Raster, Reset, read_job
from paper.rendering import render

WIDTHS = (576, 512, 384)
SAMPLE = sample_ticket()
VARIANTS = {
    "plain": SAMPLE,
    "priority": replace(SAMPLE, ticket_class=TicketClass.PRIORITY),
    "english": replace(SAMPLE, lang=Language.ENGLISH, service="Civil status"),
    "copy": replace(SAMPLE, copy=True),
    "offline": replace(SAMPLE, offline=True, ahead=None, wait_min=None),
    "letter": replace(SAMPLE, number="A005"),
}


@pytest.mark.parametrize("dots", WIDTHS)
@pytest.mark.parametrize("layout", ["standard", "large", "short"])
@pytest.mark.parametrize("name", VARIANTS)
def test_the_paper_shows_dot_for_dot_what_was_drawn(name: str, layout: str, dots: int) -> None:
    ticket, chosen = VARIANTS[name], getattr(built_in_layouts(), layout)
    (drawing,) = draw(compose(ticket, chosen, dots), dots)
    assert isinstance(drawing, Image.Image)
    paper = render(encode_layout(ticket, dots, chosen).job, dots)
    assert paper.image.size == drawing.size
    assert paper.image.tobytes() == drawing.tobytes()
    assert paper.cuts == (drawing.height,)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 383), st.integers(0, 299), st.integers(0, 200), st.integers(0, 40)
        ),
        max_size=6,
    ),
    st.booleans(),
)
def test_any_drawing_survives_encoding(boxes: list[tuple[int, int, int, int]], even: bool) -> None:
    image = Image.new("1", (384, 340), 255)
    pen = ImageDraw.Draw(image)
    for x, y, width, height in boxes:
        left, top = (x // 2 * 2, y // 2 * 2) if even else (x, y)
        pen.rectangle((left, top, left + width, top + height), fill=0)
    assert render(encode((image,)), 384).image.tobytes() == image.tobytes()


@pytest.mark.parametrize(("dots", "most"), [(576, 14_000), (384, 9_000)])
def test_the_standard_ticket_is_small(ticket: Ticket, dots: int, most: int) -> None:
    assert len(encode_ticket(ticket, dots)) <= most


@pytest.mark.parametrize("dots", WIDTHS)
def test_blank_rows_are_fed_and_bands_are_low(ticket: Ticket, dots: int) -> None:
    actions = list(read_job(encode_ticket(ticket, dots)))
    rasters = [action for action in actions if isinstance(action, Raster)]
    assert actions[:2] == [Reset(), Align(1)]
    assert actions[-1] == Cut()
    assert sum(isinstance(action, Cut) for action in actions) == 1
    assert all(action.rows > 0 for action in actions[:-2] if isinstance(action, Feed))
    for raster in rasters:
        row = raster.width // 8
        assert raster.height <= BAND_ROWS
        assert all(any(raster.dots[at : at + row]) for at in range(0, len(raster.dots), row))


@pytest.mark.parametrize("dots", WIDTHS)
@pytest.mark.parametrize("layout", ["standard", "large", "short"])
def test_what_fails_in_the_first_chunk_has_no_number_on_it(layout: str, dots: int) -> None:
    job = encode_layout(SAMPLE, dots, getattr(built_in_layouts(), layout)).job
    first = [each for each in read_job(job[:CHUNK]) if isinstance(each, Raster)]
    whole = [each for each in read_job(job) if isinstance(each, Raster)]
    number = max(whole, key=lambda raster: raster.height * raster.down)
    assert whole.index(number) >= len(first)
    assert job.index(number.dots) > CHUNK


def test_a_tall_black_band_is_sent_in_pieces() -> None:
    image = Image.new("1", (384, 301), 0)
    image.putpixel((0, 0), 255)
    rasters = [each for each in read_job(encode((image,))) if isinstance(each, Raster)]
    assert [raster.height for raster in rasters] == [128, 128, 45]


def test_the_code_is_the_printers_own(ticket: Ticket) -> None:
    address = "https://phieu.nhichieu.example/t/7KQ2M9XW4TCB"
    actions = list(read_job(encode_ticket(replace(ticket, qr=address), 576)))
    assert [each for each in actions if isinstance(each, Code)] == [Code(address, 6)]
    without = len(encode_ticket(ticket, 576))
    # The text beside it is drawn; the code itself takes less than 150 bytes.
    assert len(encode_ticket(replace(ticket, qr=address), 576)) < without + 2600


def test_the_same_ticket_gives_the_same_bytes(ticket: Ticket) -> None:
    assert encode_ticket(ticket, 576) == encode_ticket(ticket, 576)


def test_importing_the_encoder_leaves_no_file_behind(tmp_path: Path) -> None:
    code = (
        "from paper import encode_ticket, sample_ticket\n"
        "import sys\n"
        "assert 'escpos' not in sys.modules\n"
        "encode_ticket(sample_ticket(), 576)\n"
        "assert 'escpos' in sys.modules\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=60)
    assert list(tmp_path.iterdir()) == []
