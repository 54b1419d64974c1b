"""What is carried on a stick comes out as it went in, or is refused with a reason."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hardware.speaker import Sound, read_wav, write_wav
from voice.archive import MOST_CLIP_BYTES, read_archive, unpack, write_archive
from voice.errors import PackError
from voice.pack import PACK_FILE, load_pack

MakePack = Callable[..., Path]
Entries = dict[str, bytes]


def archived(pack: Path) -> Path:
    target = pack.with_suffix(".zip")
    write_archive(pack, target)
    return target


def entries(file: Path) -> Entries:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(content: Entries) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in content.items():
            archive.writestr(name, each)
    file.seek(0)
    return file


def test_a_pack_travels_whole(make_pack: MakePack, tmp_path: Path) -> None:
    pack = make_pack(recorded="2026-11-27")
    file = archived(pack)
    archive = read_archive(io.BytesIO(file.read_bytes()))
    unpack(archive, tmp_path / "there")
    there, here = load_pack(tmp_path / "there"), load_pack(pack)
    assert there.clips == here.clips
    assert (there.settings.voice, there.settings.recorded) == ("Chị Lan", "2026-11-27")
    assert there.problems == ()
    assert not (tmp_path / "there.part").exists()


def test_the_same_pack_makes_the_same_bytes(make_pack: MakePack, tmp_path: Path) -> None:
    pack = make_pack()
    write_archive(pack, tmp_path / "first.zip")
    write_archive(pack, tmp_path / "second.zip")
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()


def test_a_pack_that_lacks_a_file_is_not_packed(make_pack: MakePack, tmp_path: Path) -> None:
    pack = make_pack()
    (pack / "clip-1.wav").unlink()
    with pytest.raises(PackError, match=r"clip-1\.wav: cannot be read"):
        write_archive(pack, tmp_path / "lan.zip")
    assert list(tmp_path.glob("lan.zip*")) == []


def test_a_full_stick_leaves_no_half_file(make_pack: MakePack, tmp_path: Path) -> None:
    pack = make_pack()
    (tmp_path / "stick").write_text("no folder")
    with pytest.raises(OSError, match="Not a directory"):
        write_archive(pack, tmp_path / "stick" / "lan.zip")


def change(name: str, content: bytes) -> Callable[[Entries], Entries]:
    return lambda entries: entries | {name: content}


def without(name: str) -> Callable[[Entries], Entries]:
    return lambda entries: {each: entries[each] for each in entries if each != name}


def edited(old: str, new: str) -> Callable[[Entries], Entries]:
    def edit(entries: Entries) -> Entries:
        text = entries[PACK_FILE].decode()
        assert old in text
        return entries | {PACK_FILE: text.replace(old, new).encode()}

    return edit


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (change("clip-0.wav", b"RIFF"), "SHA-256 differs"),
        (change("../../etc/cron.d/x", b"x"), "missing from the file or from its"),
        (without("clip-1.wav"), "missing from the file"),
        (without(PACK_FILE), f"has no {PACK_FILE}"),
        (change(PACK_FILE, b"id = ["), PACK_FILE),
        (change(PACK_FILE, b"a" * 600_000), "too large"),
        (edited("clip-0.wav", "../clip-0.wav"), "regex"),
        (edited("clip-0.wav", "/etc/passwd"), "regex"),
        (edited('language = "vi"', 'language = "../x"'), "regex"),
        (change("clip-0.wav", bytes(MOST_CLIP_BYTES + 1)), "too large"),
    ],
)
def test_what_is_not_as_it_was_recorded_is_refused(
    make_pack: MakePack, spoil: Callable[[Entries], Entries], reason: str
) -> None:
    content = entries(archived(make_pack()))
    with pytest.raises(PackError, match=reason):
        read_archive(zipped(spoil(content)))


def test_a_clip_of_another_rate_is_refused(make_pack: MakePack) -> None:
    pack = make_pack()
    sound = read_wav(pack / "clip-0.wav")
    write_wav(pack / "clip-0.wav", Sound("", sound.samples, 44100))
    with pytest.raises(PackError, match="22050"):
        archived(pack)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"\0" * 5000])
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    with pytest.raises(PackError, match="no file of a voice"):
        read_archive(io.BytesIO(content))


def test_a_file_that_was_torn_anywhere_is_refused(make_pack: MakePack) -> None:
    whole = archived(make_pack()).read_bytes()
    for length in range(0, len(whole), max(1, len(whole) // 40)):
        with pytest.raises(PackError):
            read_archive(io.BytesIO(whole[:length]))


def test_a_size_that_lies_unpacks_no_more_than_it_says(make_pack: MakePack) -> None:
    content = entries(archived(make_pack()))
    file = zipped(content | {"clip-0.wav": bytes(5_000_000)}).getvalue()
    lied = file.replace(struct.pack("<I", 5_000_000), struct.pack("<I", 1000))
    with pytest.raises(PackError):
        read_archive(io.BytesIO(lied))
