"""How services ended, and whether one visit was enough: a table and sentences of the report."""

from collections.abc import Iterator, Sequence

from config import Centre
from config.settings import term_name
from wait_log.cases import LEAST_TOLD, NO_SCENARIO, is_told
from wait_log.figures import Figures, MatterFigures
from web.report.document import Column, Table, decimal

_MOST_OUTCOMES = 8
_OF_OUTCOMES = 96.0


def outcome_tables(figures: Figures, centre: Centre) -> Iterator[Table]:
    """Return how services ended; no table where nobody recorded it."""
    whole = figures.matters
    if not whole.recorded:
        return
    listed = [term.id for term in centre.matters.outcomes]
    columns = list(dict.fromkeys([*listed, *(outcome for outcome, _ in whole.outcomes)]))
    columns = columns[:_MOST_OUTCOMES]

    def cells(one: MatterFigures) -> Iterator[str]:
        given = dict(one.outcomes)
        yield from (_count(given.get(outcome, 0)) for outcome in columns)
        yield _count(one.recorded)
        yield _count(one.ends)

    parts = [(code, one) for code, one in figures.matters_by_service if one.ends]
    rows = [
        (str(index), _service(centre, code), *cells(one))
        for index, (code, one) in enumerate(parts, 1)
    ]
    weight = _OF_OUTCOMES / len(columns)
    yield Table(
        caption="Kết quả phục vụ theo lĩnh vực",
        note="(lượt phục vụ)",
        columns=(
            Column("TT", 8.5, "centre"),
            Column("Lĩnh vực", 32.5, "left"),
            *(
                Column(term_name(centre.matters.outcomes, outcome, "vi"), weight)
                for outcome in columns
            ),
            Column("Đã ghi", 14),
            Column("Lượt phục vụ", 14),
        ),
        rows=(*rows, ("", "Toàn Trung tâm", *cells(whole))),
        total=True,
        footnote=(
            "Lượt phục vụ: mỗi lần một quầy phục vụ xong; một số có thể qua nhiều quầy. Cán bộ "
            "ghi kết quả khi tiện, không bắt buộc."
        ),
    )


def outcome_sentences(figures: Figures, centre: Centre) -> Iterator[str]:
    """Return how services ended and whether one visit was enough, each with its denominator."""
    one = figures.matters
    if one.recorded:
        named = [
            f"{term_name(centre.matters.outcomes, outcome, 'vi').lower()} {_count(count)} lượt"
            for outcome, count in one.outcomes
        ]
        yield (
            f"Cán bộ đã ghi kết quả của {_count(one.recorded)} trên {_count(one.ends)} lượt phục "
            f"vụ: {_list(named)}."
        )
    if one.parked:
        told = (
            f"Có {_count(one.parked)} lượt chờ ký rồi quay lại bằng chính số đã lấy; "
            f"{_count(one.ended_again)} lượt xong ngay ở lần gọi lại"
        )
        if one.away.mean_s is not None:
            told += f", sau bình quân {decimal(one.away.mean_s / 60, 0)} phút"
        yield f"{told}."
    if one.sent:
        yield (
            f"Có {_count(one.sent)} lượt được chuyển sang lĩnh vực khác rồi quay lại quầy cũ trên "
            f"cùng một số; {_count(one.back)} lượt đã quay lại."
        )
    names = {one.id: one.name("vi") for one in centre.assistance.scenarios}
    names[NO_SCENARIO] = "việc riêng lẻ"
    helped = [
        f"{names[scenario]} {_count(count)} lượt"
        for scenario, count in figures.cases
        if is_told(count) and scenario in names
    ]
    if helped:
        yield (
            f"Trung tâm đã hỗ trợ người cần giúp: {_list(helped)}; loại dưới {LEAST_TOLD} "
            "lượt không nêu."
        )


def _service(centre: Centre, code: str) -> str:
    return next((s.name("vi") for s in centre.services if s.code == code), code)


def _list(parts: Sequence[str]) -> str:
    *some, last = parts
    return f"{', '.join(some)} và {last}" if some else last


def _count(number: int) -> str:
    return decimal(number, 0)
