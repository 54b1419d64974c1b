"""Which Debian packages a machine needs, from `deploy/packages/*.list`."""

import re
from pathlib import Path

from provisioning.bundle.tools import BundleError
from provisioning.roles import Role

BASE = "base"
_PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]{1,80}")


def packages_of(role: Role, folder: Path) -> list[str]:
    """Return the Debian packages of a machine of this role, sorted; raises BundleError."""
    if role is Role.ALL:
        single = [packages_of(each, folder) for each in Role if each is not Role.ALL]
        return sorted({package for packages in single for package in packages})
    return sorted({*_read(folder, BASE), *_read(folder, role.value)})


def all_packages(folder: Path) -> list[str]:
    """Return what the machines of a hall need, whichever role they get; raises BundleError."""
    return packages_of(Role.ALL, folder)


def _read(folder: Path, name: str) -> list[str]:
    """Return the lines of one list; a line that begins with @ names another list."""
    file = folder / f"{name}.list"
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BundleError(f"{file}: {error.strerror}") from error
    found: list[str] = []
    for line in filter(None, (line.partition("#")[0].strip() for line in lines)):
        if line.startswith("@"):
            found += _read(folder, line[1:])
        elif _PACKAGE.fullmatch(line):
            found.append(line)
        else:
            raise BundleError(f"{file}: {line!r} is no name of a package")
    return found
