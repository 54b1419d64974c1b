"""What keeps a release from being put in the place of another."""

from provisioning.errors import ProvisioningError


class UpgradeError(ProvisioningError):
    """The upgrade cannot begin or go on; the message, of the catalogue, says what to do."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        """Return the message with its values, for logs."""
        return self.message.format(**self.values) if self.values else self.message
