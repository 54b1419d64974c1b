"""What can go wrong with the store."""


class StoreError(Exception):
    """The store cannot be opened, read or written; the message says why."""


class StoreBusyError(StoreError):
    """Another process has the store open for writing."""


class DuplicateNumberError(StoreError):
    """A number was to be given twice on one day."""
