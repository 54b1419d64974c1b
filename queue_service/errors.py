"""What can go wrong with the service."""


class ServiceError(Exception):
    """The service cannot start or go on; the message says why."""


class LogError(ServiceError):
    """The stored log is not what it should be."""
