"""What people thought: a table and a sentence of the report, each with how many were served."""

from collections.abc import Iterator

from provisioning.ratings import FACE_NAMES, LEAST_OF_A_COUNTER, Face
from web.export.satisfaction import Opinion, Satisfaction
from web.report.document import Column, Table, decimal


def opinion_tables(told: Satisfaction) -> Iterator[Table]:
    """Return the votes by counter, and of the whole centre."""
    rows = [
        (str(index), f"Quầy {counter}", *_cells(one))
        for index, (counter, one) in enumerate(told.by_counter, 1)
    ]
    yield Table(
        caption="Mức độ hài lòng của công dân",
        note="(ý kiến tự nguyện, không ghi tên)",
        columns=(
            Column("TT", 10, "centre"),
            Column("Quầy", 43, "left"),
            *(Column(FACE_NAMES[face], 18) for face in Face),
            Column("Số ý kiến", 18),
            Column("Lượt phục vụ", 22),
        ),
        rows=(*rows, ("", "Toàn Trung tâm", *_cells(told.whole))),
        total=True,
        footnote=(
            f"Chỉ nêu riêng quầy có trên {LEAST_OF_A_COUNTER} ý kiến, và khi từ đó không suy ra "
            "được quầy khác."
        ),
    )


def opinion_sentence(told: Satisfaction) -> str:
    """Return how many of those who were served said what."""
    whole = told.whole
    named = ", ".join(
        f"{FACE_NAMES[face].lower()} {_count(whole.of(face))}" for face in Face if whole.of(face)
    )
    return (
        f"Có {_count(whole.votes)} trên {_count(whole.ends)} lượt đã phục vụ cho ý kiến về sự "
        f"phục vụ: {named}."
    )


def _cells(one: Opinion) -> tuple[str, ...]:
    return tuple(_count(number) for number in (*map(one.of, Face), one.votes, one.ends))


def _count(number: int) -> str:
    return decimal(number, 0)
