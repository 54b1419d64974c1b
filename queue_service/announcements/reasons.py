"""Why devices skip calls."""

_NEEDLESS = frozenset(
    {
        "answered",
        "muted",
        "quiet_hours",
        "replaced",
        "taken_over",
        "too old",
        "too_old",
        "withdrawn",
    }
)


def is_needless(reason: str | None) -> bool:
    """Return whether a call was skipped by intent: nobody needs it, or the hall is to be quiet."""
    return reason in _NEEDLESS
