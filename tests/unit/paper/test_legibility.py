"""A foreign reader reads what our paper says, marks and all."""

import pytest

from benchmarks.reading import rate, read_rate, reader
from paper.blocks import Face
from paper.layout import built_in_layouts

WANTED = 0.90
"""Of the letters with marks, in the sizes of 58 mm paper; before it was 0.68 to 0.83 in some."""


def test_the_rate_counts_letters_and_marks_in_their_order() -> None:
    read = rate("Đến quầy số 3", "Den quầy sô 3")
    assert (read.right, read.letters) == (7, 10)
    assert (read.marked_right, read.marked) == (1, 4)


@pytest.mark.full
@pytest.mark.parametrize(("size", "face"), [(25, Face.REGULAR), (25, Face.BOLD), (28, Face.BOLD)])
def test_a_foreign_reader_reads_narrow_paper(size: int, face: Face) -> None:
    if why := reader():
        pytest.skip(why)
    read = read_rate(384, size, face)
    assert read.marked > 200
    assert read.marked_right / read.marked >= WANTED, str(read)


def test_narrow_paper_has_the_sizes_that_were_measured() -> None:
    sizes = {
        block.size[384]
        for block in built_in_layouts().standard.blocks
        if hasattr(block, "size") and block.size and 384 in block.size
    }
    assert {size for size in sizes if size < 40} == {25, 28}
