"""The figures of a period: what is asked, what is answered, and how it is counted."""

from wait_log.figures.period import figures
from wait_log.figures.values import (
    Comparison,
    CounterFigures,
    DayFigures,
    Doubt,
    Doubtful,
    DoubtfulTicket,
    Figures,
    HourFigures,
    MonthFigures,
    Origin,
    OutageFigures,
    OutageSpan,
    Selection,
    ServiceFigures,
    Tally,
    Times,
    Waits,
)

__all__ = [
    "Comparison",
    "CounterFigures",
    "DayFigures",
    "Doubt",
    "Doubtful",
    "DoubtfulTicket",
    "Figures",
    "HourFigures",
    "MonthFigures",
    "Origin",
    "OutageFigures",
    "OutageSpan",
    "Selection",
    "ServiceFigures",
    "Tally",
    "Times",
    "Waits",
    "figures",
]
