"""How often people were helped by each of the site's scenarios, day by day, and nothing more.

What a person lacks is health data: a day has one small fact with a count for each scenario, in the
order of their names. It is beside the log, and no ticket, kiosk or time stands in it.
"""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date

CASES = "cases "
NO_SCENARIO = "~"
"""The count of those for whom single measures were chosen; no scenario can have this id."""
LEAST_TOLD = 5
"""A smaller count is not told to anybody: who was there would know of whom it speaks."""


def cases_key(day: str) -> str:
    """Return the name of the fact of a business day."""
    return CASES + day


def cases_between(facts: Mapping[str, str], first: date, last: date) -> Counter[str]:
    """Return the cases of a period by scenario, from the small facts of a store."""
    total: Counter[str] = Counter()
    for key, value in facts.items():
        if key.startswith(CASES) and cases_key(str(first)) <= key <= cases_key(str(last)):
            total.update(json.loads(value))
    return total


def is_told(count: int) -> bool:
    """Return whether so many cases are enough that they speak of nobody."""
    return count >= LEAST_TOLD
