"""`denluot voice` as it is typed."""

import io
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from display.announcer.studio.commands import Box, pack_voice
from hall.words import Words
from hardware.speaker import read_wav
from hardware.speaker.microphone import Microphone
from voice.archive import read_archive
from voice.pack import BUILT_IN

NO_SOUND = {"PULSE_SERVER": "unix:/nowhere", "PATH": "/usr/bin:/bin"}


def voice(
    *arguments: str, lang: str = "en_US.UTF-8", path: str = NO_SOUND["PATH"]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "display.announcer.studio", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        stdin=subprocess.DEVNULL,
        env={**NO_SOUND, "PATH": path, "LANG": lang, "PYTHONUTF8": "1"},
    )


@pytest.mark.full
def test_a_clean_pack_is_so_in_either_language() -> None:
    done = voice("check", "vi")
    assert (done.returncode, done.stderr) == (0, "")
    assert "vi: 221 texts, all of them good." in done.stdout
    assert "-16.0" in done.stdout
    assert "đều đạt" in voice("check", "en", lang="vi_VN.UTF-8").stdout


def test_a_faulty_pack_is_told_line_by_line(tmp_path: Path) -> None:
    pack = tmp_path / "lan"
    pack.mkdir()
    text = (BUILT_IN / "vi" / "pack.toml").read_text()
    (pack / "pack.toml").write_text(text)
    (pack / "so-1.wav").write_bytes((BUILT_IN / "vi" / "so-1.wav").read_bytes())
    done = voice("check", str(pack), lang="")
    assert done.returncode == 1
    assert "so-2.wav" in done.stdout
    assert "không có tệp này" in done.stdout
    assert "lan: 220 trên 221 lời cần sửa" in done.stdout


def test_a_directory_that_is_no_pack_cannot_be_checked(tmp_path: Path) -> None:
    done = voice("check", str(tmp_path))
    assert done.returncode == 2
    assert "pack.toml: cannot be read" in done.stderr


def test_a_call_is_written_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    done = voice("say", "2005", "3", "--wav", str(path))
    assert (done.returncode, done.stdout) == (0, f"Wrote {path}, 6.9 s.\n")
    longer = tmp_path / "longer.wav"
    options = ("--lang", "en", "--again", "--collect", "--wav", str(longer))
    assert voice("say", "a005", "25", *options).returncode == 0
    assert read_wav(longer).duration_s > 2 * read_wav(path).duration_s - 2


@pytest.mark.parametrize("arguments", [("2005", "0"), ("20:05", "3"), ("200500000", "3")])
def test_what_cannot_be_called_is_refused(arguments: tuple[str, str]) -> None:
    done = voice("say", *arguments)
    assert done.returncode == 2
    assert "1 to" in done.stderr


def test_without_sound_it_says_so(tmp_path: Path) -> None:
    box = tmp_path / "device.toml"
    box.write_text('[announcer]\nspeaker = { driver = "sound_card", output = "no such" }\n')
    done = voice("say", "2005", "3", "--device", str(box))
    assert done.returncode == 2
    assert done.stderr.startswith("There is no sound output")
    done = voice("record", str(tmp_path / "lan"), "--microphone", "no such", lang="vi")
    assert done.returncode == 2
    assert "Không có micro" in done.stderr
    assert not (tmp_path / "lan").exists()


def test_without_ffmpeg_it_says_what_to_install_and_still_speaks(tmp_path: Path) -> None:
    done = voice("check", "vi", lang="vi_VN.UTF-8", path=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "apt-get install ffmpeg" in done.stderr
    assert "Máy này chưa có ffmpeg" in done.stderr
    assert voice("say", "2005", "3", "--wav", str(tmp_path / "a.wav"), path="").returncode == 0


def test_a_pack_is_written_to_a_stick_in_one_file(
    make_pack: Callable[..., Path], tmp_path: Path, english: Words
) -> None:
    told = io.StringIO()
    box = Box(english, Console(file=told, width=200), {}, Microphone, lambda _sound: "")
    stick = tmp_path / "stick"
    stick.mkdir()
    pack = make_pack(id="Giọng chị Lan")
    assert pack_voice(box, Namespace(pack=pack, to=stick))
    (file,) = stick.iterdir()
    assert file.name == "Giong-chi-Lan-vi.zip"
    with file.open("rb") as content:
        assert read_archive(content).settings.voice == "Chị Lan"
    assert "2 texts" in told.getvalue()
    assert "texts are missing" in told.getvalue()
