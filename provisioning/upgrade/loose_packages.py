"""Our packages given by themselves: signed where they lie beside a bundle's index, else not."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from hall.words import N_
from provisioning.bundle.suites import SUITES
from provisioning.layout import Layout
from provisioning.upgrade.errors import UpgradeError
from provisioning.upgrade.offer import APPLICATION, Offer, Run, codename_of, read_offer

SUFFIX = ".deb"
_RUNTIME = re.compile(r"denluot-runtime-([0-9a-f]{12})", re.ASCII)


def bundle_around(files: Sequence[Path]) -> Path | None:
    """Return the bundle that these packages lie in; None where nothing signed is beside them."""
    folders = {file.resolve().parent for file in files}
    if len(folders) != 1:
        return None
    (folder,) = folders
    if not (folder / "InRelease").is_file():
        return None
    return folder.parent if folder.name in SUITES else folder


def read_loose(
    files: Sequence[Path], layout: Layout, run: Run, fingerprint: str | None, *, unsigned: bool
) -> Offer:
    """Return what these packages are; raises UpgradeError for what nobody signed.

    `unsigned` is a person's word that they are good. It does not make good what is signed wrongly.
    """
    if bundle := bundle_around(files):
        return read_offer(bundle, layout, run, fingerprint, {file.name for file in files})
    if not unsigned:
        raise UpgradeError(
            N_(
                "Tệp .deb rời không có chữ ký. Xin đưa cả thẻ nhớ: sudo denluot upgrade "
                "/media/…; hoặc, nếu chắc chắn tệp này từ đâu mà có, thêm --unsigned."
            )
        )
    return _offer_of(files, layout, run)


def digests(offer: Offer) -> list[tuple[str, str]]:
    """Return name and SHA-256 of each package, for a person to compare."""
    return [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in offer.packages]


def _offer_of(files: Sequence[Path], layout: Layout, run: Run) -> Offer:
    described = {file.resolve(): _fields(file.resolve(), run) for file in files}
    codename = codename_of(layout)
    for path, fields in described.items():
        revision = fields.get("Version", "").rpartition("+")[2]
        if codename not in SUITES or revision != SUITES[codename].revision:
            raise UpgradeError(
                N_("{file} không phải gói cho {codename}."), file=path.name, codename=codename
            )
    named = {fields.get("Package", ""): path for path, fields in described.items()}
    applications = [found for name in named if (found := APPLICATION.fullmatch(name))]
    if len(applications) != 1:
        raise UpgradeError(N_("Cần đúng một gói chương trình Đến Lượt (denluot-PHIÊN BẢN)."))
    (application,) = applications
    path = named.pop(application[0])
    needed = [found[0] for found in _RUNTIME.finditer(described[path].get("Depends", ""))]
    for name in needed:
        if name not in named and not _is_installed(name, layout):
            raise UpgradeError(N_("Gói thiếu {name}."), name=name)
    if strangers := sorted(set(named) - set(needed)):
        raise UpgradeError(N_("Gói không liên quan: {name}."), name=", ".join(strangers)[:200])
    runtimes = [named[name] for name in needed if name in named]
    return Offer(application[1], application[0], None, (*runtimes, path))


def _fields(file: Path, run: Run) -> dict[str, str]:
    try:
        said = run(["dpkg-deb", "--field", str(file), "Package", "Version", "Depends"])
    except UpgradeError as error:
        raise UpgradeError(N_("Gói bị hỏng hoặc bị sửa: {file}"), file=file.name) from error
    return dict(line.split(": ", 1) for line in said.splitlines() if ": " in line)


def _is_installed(package: str, layout: Layout) -> bool:
    found = _RUNTIME.fullmatch(package)
    return found is not None and (layout.runtimes / found[1]).is_dir()
