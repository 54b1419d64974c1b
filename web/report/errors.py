"""What can go wrong with a report."""


class ReportError(Exception):
    """A report cannot be made or kept."""


class NoDraftError(ReportError):
    """There is no such draft, or no longer."""


class DraftChangedError(ReportError):
    """Somebody else has changed the draft since it was opened."""


class MailError(ReportError):
    """A mail could not be handed over; the next try may succeed."""
