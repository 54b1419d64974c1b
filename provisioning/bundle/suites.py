"""The releases of Debian that a stick is made for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suite:
    """A release of Debian, by the name that VERSION_CODENAME says."""

    codename: str
    revision: str
    """What our packages' versions end in, so that those of two suites are never mixed up."""
    interpreter: str
    """Its Python, as the program and the package are called."""

    def sources(self, mirror: str, security: str) -> str:
        """Return the lines of its sources.list: with updates, so that a stick carries them."""
        name = self.codename
        return (
            f"deb {mirror} {name} main\n"
            f"deb {mirror} {name}-updates main\n"
            f"deb {security} {name}-security main\n"
        )


SUITES = {
    suite.codename: suite
    for suite in (
        Suite("bookworm", "deb12", "python3.11"),
        Suite("trixie", "deb13", "python3.13"),
    )
}
