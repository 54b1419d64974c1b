"""What can go wrong with the store."""


class StoreError(Exception):
    """The store cannot be opened, read or written; the message says why and what to do."""


class StoreBusyError(StoreError):
    """Another process has the store open for writing."""


class StoreLostError(StoreError):
    """The database is no longer the one that was opened; nothing is written to it."""


class StoreUncopiedError(StoreError):
    """What was written is kept by this server alone, where a copy is wanted."""


class StoreDamagedError(StoreError):
    """The store is no database or failed its check; nothing is written to it."""


class DuplicateNumberError(StoreError):
    """A number was to be given twice on one day."""
