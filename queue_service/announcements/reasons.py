"""Why devices skip calls."""

TOO_OLD = "too_old"
_NEEDLESS = frozenset(
    {
        "answered",
        "muted",
        "quiet_hours",
        "replaced",
        "taken_over",
        "too old",
        TOO_OLD,
        "withdrawn",
    }
)


def is_needless(reason: str | None) -> bool:
    """Return whether a call was skipped by intent: nobody needs it, or the hall is to be quiet."""
    return reason in _NEEDLESS
