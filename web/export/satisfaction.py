"""How it was, beside how many were served; never what single people said of a single officer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from provisioning.ratings import LEAST_OF_A_COUNTER, Face, RatingFigures, Ratings
from wait_log.figures import Figures


@dataclass(frozen=True, slots=True)
class Opinion:
    """The votes of some services, of so many that ended."""

    ends: int
    faces: Mapping[Face, int]

    @property
    def votes(self) -> int:
        """Return how many voted."""
        return sum(self.faces.values())

    def of(self, face: Face) -> int:
        """Return how many chose a face."""
        return self.faces.get(face, 0)

    def share(self, face: Face) -> float:
        """Return what part of the votes a face has."""
        return self.of(face) / self.votes if self.votes else 0.0


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What is told of a period."""

    whole: Opinion
    by_counter: tuple[tuple[int, Opinion], ...] = ()
    """Those with enough votes."""
    reasons: tuple[tuple[str, int], ...] = ()
    """The most frequent first."""


Opinions = Callable[[Figures], Satisfaction | None]
"""Tells what people thought of the services that figures are of. Blocking; raises SiteDbError."""


def opinions_of(ratings: Ratings) -> Opinions:
    """Return what reads the votes of a site."""

    def read(figures: Figures) -> Satisfaction | None:
        chosen = figures.selection
        first, last = chosen.period.first, chosen.period.last
        return satisfaction(figures, ratings.figures(first, last, chosen.services, chosen.counters))

    return read


def satisfaction(figures: Figures, votes: RatingFigures) -> Satisfaction | None:
    """Return what is told; None where nobody voted, or a vote does not know what was chosen."""
    chosen = figures.selection
    if not votes.votes or chosen.classes or chosen.origins:
        return None
    if (chosen.services or chosen.counters) and votes.votes <= LEAST_OF_A_COUNTER:
        return None  # a choice may be one counter by another name
    ends = dict(figures.ends_by_counter)
    return Satisfaction(
        _opinion(figures.matters.ends, votes.faces),
        tuple(
            (counter, _opinion(ends.get(counter, 0), votes.by_counter[counter]))
            for counter in _told(votes)
        ),
        tuple(sorted(votes.reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _opinion(ends: int, faces: Mapping[Face, int]) -> Opinion:
    # A vote stays when the end of its service is taken back.
    return Opinion(max(ends, sum(faces.values())), faces)


def _told(votes: RatingFigures) -> list[int]:
    """Return the counters of which votes are told.

    Of few that are left out the sum must be many too, else the whole less the others betrays them.
    """
    sizes = {counter: sum(faces.values()) for counter, faces in votes.by_counter.items()}
    told = sorted(
        (counter for counter, size in sizes.items() if size > LEAST_OF_A_COUNTER),
        key=lambda counter: (-sizes[counter], counter),
    )
    left_out = votes.votes - sum(sizes[counter] for counter in told)
    if told and 0 < left_out <= LEAST_OF_A_COUNTER:
        told.pop()
    return sorted(told)
