"""What people thought, as the page says it: always out of how many."""

from dataclasses import dataclass

from config import Centre
from config.settings import term_name
from hall.words import Words
from provisioning.ratings import FACE_NAMES, LEAST_OF_A_COUNTER, Face
from web.export.measures import counter_label, percent
from web.export.satisfaction import Opinion, Satisfaction
from web.waits.matters import Detail
from web.waits.tables import Cell, Table


@dataclass(frozen=True, slots=True)
class FaceShare:
    """How many chose a face."""

    face: int
    name: str
    count: str
    words: str
    """Its share of the votes."""
    percent: int


@dataclass(frozen=True, slots=True)
class OpinionPart:
    """The card of the page."""

    said: str
    faces: tuple[FaceShare, ...]
    counters: Table
    note: str
    reasons: tuple[Detail, ...]


def opinion_part(told: Satisfaction, centre: Centre, t: Words) -> OpinionPart:
    """Return what the page says of the period's votes."""
    whole = told.whole
    reasons = centre.matters.rating_reasons
    return OpinionPart(
        said=t(
            "{votes} trên {ends} lượt đã phục vụ",
            votes=t.count(whole.votes),
            ends=t.count(whole.ends),
        ),
        faces=tuple(
            FaceShare(
                face.value,
                t(FACE_NAMES[face]),
                t.count(whole.of(face)),
                percent(whole.share(face), t),
                round(100 * whole.share(face)),
            )
            for face in Face
        ),
        counters=_counters(told, centre, t),
        note=t(
            "Chỉ nêu riêng quầy có trên {count} ý kiến, và khi từ đó không suy ra được quầy khác.",
            count=LEAST_OF_A_COUNTER,
        ),
        reasons=tuple(
            Detail(
                term_name(reasons, reason, t.lang),
                t("{some} trên {every} ý kiến", some=t.count(count), every=t.count(whole.votes)),
            )
            for reason, count in told.reasons
        ),
    )


def _counters(told: Satisfaction, centre: Centre, t: Words) -> Table:
    heads = (t("Quầy"), t("Ý kiến trên số lượt"), *(t(FACE_NAMES[face]) for face in Face))
    rows = tuple(
        (Cell(counter_label(centre, counter, t)), *_cells(one, t))
        for counter, one in told.by_counter
    )
    return Table(heads, rows)


def _cells(one: Opinion, t: Words) -> tuple[Cell, ...]:
    counts = (Cell(t.count(one.of(face))) for face in Face)
    some, every = t.count(one.votes), t.count(one.ends)
    share = percent(one.votes / one.ends, t)
    return Cell(t("{some} trên {every}, {share}", some=some, every=every, share=share)), *counts
