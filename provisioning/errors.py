"""What can go wrong with a site's accounts."""


class ProvisioningError(Exception):
    """The base of the errors of this library; the message says what to do."""


class SiteDbError(ProvisioningError):
    """`accounts.db` cannot be used now."""


class AccountError(ProvisioningError):
    """An account cannot be made or changed so; `field` says what is wrong with it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class IntegrationError(ProvisioningError):
    """A token or webhook cannot be made so; `field` says what is wrong with it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class PairingError(ProvisioningError):
    """A box cannot be paired so; the message says what to do."""
