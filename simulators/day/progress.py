"""How far the played day is: a bar on a terminal, a line per hour elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from simulators.day.day import HOUR_S
from simulators.day.play import Moment, Tell


@contextmanager
def shown_progress(console: Console, tickets: int) -> Iterator[Tell]:
    """Show the day while the context lasts; yields what is told how far it is."""
    if console.is_terminal:
        with _bar(console) as progress:
            task = progress.add_task("", total=tickets, state="")
            yield lambda moment: progress.update(
                task,
                completed=moment.ended + moment.gone,
                description=_clock(moment.day_s),
                state=_state(moment),
            )
        return
    yield _hourly(console)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TextColumn("{task.fields[state]}"),
        console=console,
    )


def _hourly(console: Console) -> Tell:
    told = -1

    def tell(moment: Moment) -> None:
        nonlocal told
        hour = int(moment.day_s // HOUR_S)
        if hour > told:
            told = hour
            console.print(f"{_clock(moment.day_s)}  {_state(moment)}")

    return tell


def _clock(day_s: float) -> str:
    minutes = int(day_s // 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _state(moment: Moment) -> str:
    inside = moment.issued - moment.ended
    text = f"tickets taken: {moment.issued}, in the hall: {inside}"
    return f"{text}, sent away: {moment.gone}" if moment.gone else text
