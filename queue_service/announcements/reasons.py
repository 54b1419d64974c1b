"""Why devices skip calls."""

_NEEDLESS = frozenset(
    {"answered", "replaced", "withdrawn", "taken_over", "quiet_hours", "too_old", "too old"}
)


def is_needless(reason: str | None) -> bool:
    """Return whether a call was skipped because nobody needs it any more, which is no trouble."""
    return reason in _NEEDLESS
