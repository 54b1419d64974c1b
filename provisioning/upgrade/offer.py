"""What a bundle offers: which release, whether it is ours, and whether it is for this machine."""

import hashlib
import re
import tarfile
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bus.versions import parse_version
from hall.words import N_
from provisioning.layout import Layout
from provisioning.upgrade.errors import UpgradeError

Run = Callable[[Sequence[str]], str]
"""Runs a program of the system and returns what it wrote; raises UpgradeError."""

APPLICATION = re.compile(r"denluot-(\d[\w.+~-]*)", re.ASCII)
_OURS = re.compile(r"denluot-[\w.+~-]+", re.ASCII)
_CODENAME = re.compile(r"^VERSION_CODENAME=\"?([a-z]+)\"?$", re.MULTILINE)
_DIGITS = re.compile(r"[^0-9a-f]")
_MOST_INDEX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A release that was checked, with what apt installs it from."""

    version: str
    package: str
    """The application's package, which brings its runtime."""
    repository: Path | None
    """The signed folder that apt installs from; None where all there is are the packages."""
    packages: tuple[Path, ...]
    """Our own packages of this release, each as it was signed, what others need first."""


def codename_of(layout: Layout) -> str:
    """Return the name of the Debian that this machine runs; raises UpgradeError."""
    try:
        found = _CODENAME.search(layout.os_release.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        found = None
    if found is None:
        raise UpgradeError(N_("Không rõ máy này chạy Debian nào."))
    return found[1]


def unpacked(file: Path, folder: Path) -> Path:
    """Return the folder of a bundle: `file` itself, or what the archive `file` holds."""
    if file.is_dir():
        return file
    try:
        with tarfile.open(file) as archive:
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            archive.extractall(folder, members=_plain_members(archive))  # noqa: S202 - judged
    except (OSError, tarfile.TarError) as error:
        raise UpgradeError(N_("Không mở được {file}: {error}"), file=file, error=error) from error
    if next(folder.glob("*/InRelease"), None) or (folder / "InRelease").exists():
        return folder
    return next((path for path in folder.iterdir() if path.is_dir()), folder)


def _plain_members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Yield what an archive of a bundle consists of: folders, and files below its own place.

    Debian 12's Python has no extraction filters, which do most of the same.
    """
    for member in archive:
        name = PurePosixPath(member.name)
        if name.is_absolute() or ".." in name.parts or not (member.isfile() or member.isdir()):
            raise tarfile.TarError(f"{member.name!r} has no place in a bundle")
        member.mode = 0o755 if member.isdir() else 0o644
        yield member


def read_offer(
    bundle: Path,
    layout: Layout,
    run: Run,
    fingerprint: str | None = None,
    only: Collection[str] = (),
) -> Offer:
    """Return what `bundle` has for this machine; raises UpgradeError for what is not ours.

    The key is that of the installation; where there is none, `fingerprint` is the SHA-256 of the
    bundle's own, as it was printed. `only` are the names of the files to choose from: all of them.
    """
    codename = codename_of(layout)
    repository = bundle / codename if (bundle / codename).is_dir() else bundle
    if not (repository / "InRelease").is_file():
        raise UpgradeError(N_("Gói này không có bản cho {codename}."), codename=codename)
    key = trusted_key(bundle, layout, fingerprint)
    release = _verified(repository / "InRelease", key, run)
    if f"\nCodename: {codename}\n" not in f"\n{release}":
        raise UpgradeError(N_("Gói này không có bản cho {codename}."), codename=codename)
    sums = dict(_sums(release))
    index = repository / "Packages"
    _require(index, sums.get("Packages"))
    ours = list(_paragraphs(index.read_text("utf-8")))
    versions = {
        paragraph["Package"]: found[1]
        for paragraph in ours
        if (found := APPLICATION.fullmatch(paragraph.get("Package", "")))
        and "Filename" in paragraph
        and (not only or Path(paragraph["Filename"]).name in only)
    }
    if not versions:
        raise UpgradeError(N_("Gói này thiếu chương trình Đến Lượt."))
    package, version = max(versions.items(), key=lambda item: parse_version(item[1]) or (0, 0, 0))
    needed = _with_runtime(package, {paragraph["Package"]: paragraph for paragraph in ours})
    packages = []
    for paragraph in needed:
        path = (repository / paragraph["Filename"]).resolve()
        if not path.is_relative_to(repository.resolve()):
            raise UpgradeError(N_("Gói bị hỏng hoặc bị sửa: {file}"), file=paragraph["Filename"])
        _require(path, paragraph.get("SHA256"))
        packages.append(path)
    return Offer(version, package, repository, tuple(packages))


def trusted_key(bundle: Path, layout: Layout, fingerprint: str | None) -> Path:
    """Return the key by which a bundle is judged; raises UpgradeError."""
    if fingerprint is None:
        if not layout.archive_key.is_file():
            raise UpgradeError(
                N_(
                    "Máy này chưa giữ khóa của nhà phát hành. Thêm --fingerprint với dấu vân tay "
                    "SHA-256 in trên tờ giấy kèm thẻ nhớ."
                )
            )
        return layout.archive_key
    own = bundle / "denluot-archive.gpg"
    wanted = _DIGITS.sub("", fingerprint.lower())
    try:
        same = hashlib.sha256(own.read_bytes()).hexdigest() == wanted
    except OSError:
        same = False
    if not same:
        raise UpgradeError(N_("Khóa của gói KHÁC với dấu vân tay đã cho. Không làm gì cả."))
    return own


def _verified(signed: Path, key: Path, run: Run) -> str:
    """Return the text that the key signed, and nothing that only stands beside it."""
    with tempfile.TemporaryDirectory(prefix="denluot-") as folder:
        text = Path(folder) / "Release"
        try:
            run(["gpgv", "--keyring", str(key.resolve()), "--output", str(text), str(signed)])
            return text.read_text("utf-8")
        except (UpgradeError, OSError, UnicodeDecodeError) as error:
            if isinstance(error.__cause__, OSError):  # gpgv itself is not there
                raise
            raise UpgradeError(N_("Chữ ký của gói không đúng. Không làm gì cả.")) from error


def _sums(release: str) -> Iterator[tuple[str, str]]:
    """Return the SHA-256 of each index, by its name."""
    _, _, after = release.partition("\nSHA256:\n")
    for line in after.splitlines():
        if not line.startswith(" "):
            return
        digest, _, name = line.split()
        yield name, digest


def _require(path: Path, digest: str | None) -> None:
    """Raise UpgradeError unless the file has this SHA-256."""
    try:
        with path.open("rb") as file:
            if digest and hashlib.file_digest(file, "sha256").hexdigest() == digest:
                return
    except OSError:
        pass
    raise UpgradeError(N_("Gói bị hỏng hoặc bị sửa: {file}"), file=path.name)


def _paragraphs(index: str) -> Iterator[dict[str, str]]:
    """Return the fields of every package of ours."""
    for block in index[:_MOST_INDEX_BYTES].split("\n\n"):
        fields = dict(
            line.split(": ", 1)
            for line in block.splitlines()
            if ": " in line and not line[:1].isspace()
        )
        if _OURS.fullmatch(fields.get("Package", "")):
            yield fields


def _with_runtime(package: str, ours: dict[str, dict[str, str]]) -> Iterator[dict[str, str]]:
    """Return the package and those of ours that it depends on, these first."""
    for name in re.findall(r"denluot-[\w.+~-]+", ours[package].get("Depends", "")):
        if name not in ours:
            raise UpgradeError(N_("Gói thiếu {name}."), name=name)
        yield from _with_runtime(name, ours)
    yield ours[package]
