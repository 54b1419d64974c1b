"""What can go wrong with backups; every message is in the catalogue and says what to do."""

from hall.words import Words
from provisioning.errors import ProvisioningError


class BackupError(ProvisioningError):
    """A backup was not made or not put back; nothing that was there before is lost."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text.format(**values) if values else text)
        self.text = text
        self.values = values

    def said(self, t: Words) -> str:
        """Return it in the language of `t`."""
        return t(self.text, **self.values)


class BackupBusyError(BackupError):
    """Another backup is being made right now."""


class NoRoomError(BackupError):
    """The disk or the stick is full."""


class WrongPhraseError(BackupError):
    """The recovery phrase does not open this identity file."""
