"""A bundle is taken as it was signed, for this Debian, or not at all."""

import functools
import hashlib
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from provisioning.layout import Layout
from provisioning.upgrade.errors import UpgradeError
from provisioning.upgrade.loose_packages import read_loose
from provisioning.upgrade.machine import run_program
from provisioning.upgrade.offer import read_offer, unpacked

PACKAGES = {
    "denluot-runtime-0123456789ab": ("1", ""),
    "denluot-0.3.0": ("0.3.0+deb12", "denluot-runtime-0123456789ab (= 1), ca-certificates"),
    "denluot-0.10.0": ("0.10.0+deb12", "denluot-runtime-0123456789ab (= 1)"),
    "mosquitto": ("2.0", "libc6"),
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of gpg with one key that signs."""
    if shutil.which("gpg") is None or shutil.which("gpgv") is None:
        pytest.skip("gpg is not installed")
    home = tmp_path_factory.mktemp("k")
    home.chmod(0o700)
    gpg(home, "--passphrase", "", "--quick-gen-key", "test", "ed25519", "sign", "0")
    yield home
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "gpg-agent"], check=False)


def gpg(home: Path, *arguments: str) -> bytes:
    command = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--yes", *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout


class Stick(SimpleNamespace):
    """A stick for bookworm, and a machine that trusts its key."""

    def __init__(self, folder: Path, keys: Path) -> None:
        super().__init__(
            folder=folder / "stick",
            suite=folder / "stick/bookworm",
            keys=keys,
            layout=Layout(folder / "machine"),
            packages=dict(PACKAGES),
        )
        self.suite.mkdir(parents=True)
        self.layout.settings.mkdir(parents=True)
        self.layout.os_release.write_text('NAME=x\nVERSION_CODENAME="bookworm"\n')
        self.layout.archive_key.write_bytes(gpg(keys, "--export"))
        (self.folder / "denluot-archive.gpg").write_bytes(gpg(keys, "--export"))
        self.sign()

    def sign(self, codename: str = "bookworm") -> None:
        blocks = []
        for name, (version, depends) in self.packages.items():
            file = self.suite / f"{name}_{version}_amd64.deb"
            file.write_bytes(f"contents of {name}".encode())
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            needs = f"Depends: {depends}\n" if depends else ""
            blocks.append(
                f"Package: {name}\nVersion: {version}\n{needs}"
                f"Filename: ./{file.name}\nSHA256: {digest}\nDescription: x\n y: z\n"
            )
        (self.suite / "Packages").write_text("\n".join(blocks))
        self.sign_index(codename)

    def sign_index(self, codename: str = "bookworm") -> None:
        digest = hashlib.sha256((self.suite / "Packages").read_bytes()).hexdigest()
        release = self.suite / "Release"
        release.write_text(
            f"Origin: denluot\nCodename: {codename}\nSHA256:\n {digest} 1 Packages\n"
        )
        gpg(self.keys, "--clearsign", "--output", str(self.suite / "InRelease"), str(release))

    def read(self, fingerprint: str | None = None) -> object:
        return read_offer(self.folder, self.layout, run_program, fingerprint)


@pytest.fixture
def stick(tmp_path: Path, keys: Path) -> SimpleNamespace:
    return Stick(tmp_path, keys)


def test_the_newest_release_is_offered_with_its_runtime(stick: SimpleNamespace) -> None:
    offer = stick.read()
    assert (offer.version, offer.package) == ("0.10.0", "denluot-0.10.0")
    assert offer.repository == stick.suite
    names = [path.name.partition("_")[0] for path in offer.packages]
    assert names == ["denluot-runtime-0123456789ab", "denluot-0.10.0"]


def test_a_package_that_was_changed_is_refused(stick: SimpleNamespace) -> None:
    next(stick.suite.glob("denluot-runtime*")).write_bytes(b"another")
    with pytest.raises(UpgradeError, match="bị hỏng hoặc bị sửa"):
        stick.read()


def test_an_index_that_was_changed_is_refused(stick: SimpleNamespace) -> None:
    index = stick.suite / "Packages"
    index.write_text(index.read_text() + "\n")
    with pytest.raises(UpgradeError, match="Packages"):
        stick.read()


def test_a_signature_of_another_is_refused(
    stick: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    others = tmp_path_factory.mktemp("o")
    others.chmod(0o700)
    gpg(others, "--passphrase", "", "--quick-gen-key", "other", "ed25519", "sign", "0")
    stick.keys = others
    stick.sign()
    subprocess.run(["gpgconf", "--homedir", str(others), "--kill", "gpg-agent"], check=False)
    with pytest.raises(UpgradeError, match="Chữ ký"):
        stick.read()


def test_what_stands_beside_the_signed_text_counts_for_nothing(stick: SimpleNamespace) -> None:
    signed = (stick.suite / "InRelease").read_text()
    index = stick.suite / "Packages"
    index.write_text(index.read_text().replace("contents", "other"))
    digest = hashlib.sha256((index.read_text() + "\n").encode()).hexdigest()
    index.write_text(index.read_text() + "\n")
    (stick.suite / "InRelease").write_text(
        f"Codename: bookworm\nSHA256:\n {digest} 1 Packages\n{signed}"
    )
    with pytest.raises(UpgradeError):
        stick.read()


def test_a_bundle_for_another_debian_is_refused(stick: SimpleNamespace) -> None:
    stick.layout.os_release.write_text("VERSION_CODENAME=trixie\n")
    with pytest.raises(UpgradeError, match="trixie"):
        stick.read()
    stick.sign(codename="trixie")
    stick.layout.os_release.write_text("VERSION_CODENAME=bookworm\n")
    with pytest.raises(UpgradeError, match="bookworm"):
        stick.read()
    stick.layout.os_release.write_text("NAME=unknown\n")
    with pytest.raises(UpgradeError, match="Debian nào"):
        stick.read()


def test_a_machine_without_a_key_compares_the_printed_fingerprint(stick: SimpleNamespace) -> None:
    key = stick.layout.archive_key
    printed = hashlib.sha256(key.read_bytes()).hexdigest().upper()
    key.unlink()
    with pytest.raises(UpgradeError, match="--fingerprint"):
        stick.read()
    grouped = " ".join(printed[begin : begin + 4] for begin in range(0, 64, 4))
    assert stick.read(grouped).version == "0.10.0"
    with pytest.raises(UpgradeError, match="KHÁC"):
        stick.read("0" * 64)


def test_a_package_outside_of_the_stick_is_not_read(stick: SimpleNamespace) -> None:
    index = stick.suite / "Packages"
    index.write_text(
        index.read_text().replace("Filename: ./denluot-0.10", "Filename: ../../x-0.10")
    )
    stick.sign_index()
    with pytest.raises(UpgradeError, match="bị hỏng hoặc bị sửa"):
        stick.read()


@pytest.mark.parametrize("gone", ["denluot-runtime-0123456789ab", "denluot"])
def test_a_stick_that_lacks_something_says_what(stick: SimpleNamespace, gone: str) -> None:
    stick.packages = {
        name: about
        for name, about in PACKAGES.items()
        if name != gone and not (gone == "denluot" and "denluot-0" in name)
    }
    stick.sign()
    with pytest.raises(UpgradeError, match="thiếu"):
        stick.read()


def test_packages_on_a_stick_are_judged_by_its_signature(stick: SimpleNamespace) -> None:
    older = next(stick.suite.glob("denluot-0.3.0*.deb"))
    read = functools.partial(
        read_loose, layout=stick.layout, run=run_program, fingerprint=None, unsigned=False
    )
    offer = read([older])
    assert (offer.version, offer.repository) == ("0.3.0", stick.suite)
    assert [path.name.partition("_")[0] for path in offer.packages] == [
        "denluot-runtime-0123456789ab",
        "denluot-0.3.0",
    ]
    assert read([*stick.suite.glob("denluot-*.deb")]).version == "0.10.0"
    stranger = stick.suite / "denluot-9.9.9_9.9.9+deb12_amd64.deb"
    shutil.copy(older, stranger)
    with pytest.raises(UpgradeError, match="thiếu chương trình"):
        read([stranger])


def test_no_word_makes_good_what_is_signed_wrongly(stick: SimpleNamespace) -> None:
    older = next(stick.suite.glob("denluot-0.3.0*.deb"))
    older.write_bytes(b"another")
    with pytest.raises(UpgradeError, match="bị hỏng hoặc bị sửa"):
        read_loose([older], stick.layout, run_program, None, unsigned=True)
    (stick.suite / "InRelease").write_text("signed by nobody")
    with pytest.raises(UpgradeError, match="Chữ ký"):
        read_loose([older], stick.layout, run_program, None, unsigned=True)


def test_a_machine_that_cannot_judge_says_so_and_nothing_of_the_signature(
    stick: Stick, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UpgradeError, match="gpgv"):
        read_offer(stick.folder, stick.layout, run_program)


def test_an_archive_is_unpacked_and_nothing_of_it_escapes(
    stick: SimpleNamespace, tmp_path: Path
) -> None:
    archive = tmp_path / "stick.tar"
    with tarfile.open(archive, "w") as tar:
        tar.add(stick.folder, "stick")
    (tmp_path / "in").mkdir()
    bundle = unpacked(archive, tmp_path / "in")
    assert read_offer(bundle, stick.layout, run_program).version == "0.10.0"
    assert unpacked(stick.folder, tmp_path) == stick.folder
    (tmp_path / "out/deep/deeper").mkdir(parents=True)
    evil = tmp_path / "evil.tar"
    for name, kind in (
        ("../../escaped", tarfile.REGTYPE),
        (str(tmp_path / "out/escaped"), tarfile.REGTYPE),
        ("link", tarfile.SYMTYPE),
    ):
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, str(tmp_path)
        with tarfile.open(evil, "w") as tar:
            tar.addfile(member)
        with pytest.raises(UpgradeError):
            unpacked(evil, tmp_path / "out/deep/deeper")
    assert not [path for path in (tmp_path / "out").rglob("*") if not path.is_dir()]
    (tmp_path / "text").write_text("no archive")
    with pytest.raises(UpgradeError):
        unpacked(tmp_path / "text", tmp_path / "out")


def test_programs_say_why_they_failed() -> None:
    assert run_program(["sh", "-c", "echo good"]) == "good\n"
    with pytest.raises(UpgradeError, match="no such thing"):
        run_program(["sh", "-c", "echo no such thing >&2; exit 3"])
    with pytest.raises(UpgradeError, match="/nowhere/program"):
        run_program(["/nowhere/program"])
    assert os.environ.get("LC_ALL") != "C.UTF-8" or run_program(["true"]) == ""
