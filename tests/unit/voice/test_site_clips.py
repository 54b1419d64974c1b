import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import load_centre
from hall.citizen.offering import HallSnapshot
from hall.citizen.procedures import spoken_texts
from hall.procedures import Document, Phrase, Procedure
from hall.procedures.document import LONGEST, MOST_PROCEDURES
from hardware.speaker import Sound, read_wav, write_wav
from voice.espeak import Espeak
from voice.pack import BUILT_IN, Pack, read_settings
from voice.site_clips import (
    LONGEST_TEXT,
    MOST_TEXTS,
    NoClip,
    Report,
    SiteClips,
    clip_path,
    missing_texts,
    read_report,
    texts_of,
)

Program = Callable[[str], Espeak]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Make a speech program of a line of shell; `$6` is the file it is to write."""
    write_wav(tmp_path / "tone.wav", Sound("tone", b"\x10\x20" * 4000))

    def make(line: str) -> Espeak:
        path = tmp_path / "speak"
        path.write_text(f'#!/bin/sh\ncd "{tmp_path}"\n{line}\n')
        path.chmod(0o755)
        return Espeak(program=str(path), raw=True)

    return make


SPEAKS = 'cp tone.wav "$6"; cat >> heard; echo >> heard'


@pytest.fixture
def packs() -> dict[str, Pack]:
    greeting = {"Xin chào": Sound("recorded", b"\x01\x00" * 100)}
    return {"vi": Pack(read_settings(BUILT_IN / "vi"), BUILT_IN / "vi", greeting, None)}


@pytest.fixture
def clips(packs: dict[str, Pack], tmp_path: Path) -> Iterator[Callable[[Espeak], SiteClips]]:
    made: list[SiteClips] = []

    def make(speech: Espeak) -> SiteClips:
        clips = SiteClips(packs, speech, tmp_path / "clips")
        clips.start()
        made.append(clips)
        return clips

    yield make
    for one in made:
        one.stop()


def until(true: Callable[[], object]) -> None:
    waiting = threading.Event()
    for _ in range(3000):
        if true():
            return
        waiting.wait(0.02)
    pytest.fail("it did not come about within a minute")


def test_the_texts_of_a_centre_are_those_of_its_services_in_every_language() -> None:
    centre = load_centre()
    texts = texts_of(centre)
    assert len(texts) == len(set(texts))
    for service in centre.services:
        assert ("vi", service.name.vi) in texts
        assert ("en", service.detail.en) in texts
    assert ("vi", centre.identity.name.vi) in texts


def test_texts_are_rendered_once_and_kept(
    clips: Callable[[Espeak], SiteClips], program: Program, tmp_path: Path
) -> None:
    speech = program(SPEAKS)
    first = clips(speech)
    first.want("centre", [("vi", "Hộ tịch"), ("vi", "Xin chào"), ("vi", "Hộ  tịch\n")])
    until(lambda: first.clip_for("Hộ tịch", "vi"))
    first.stop()
    second = clips(speech)
    second.want("centre", [("vi", "Hộ tịch"), ("vi", "Đất đai")])
    until(lambda: second.clip_for("Đất đai", "vi"))
    assert (tmp_path / "heard").read_text().split("\n")[:-1] == ["Hộ tịch", "Đất đai"]
    recorded = second.clip_for("Xin chào", "vi")
    assert recorded
    assert recorded.name == "recorded"
    assert second.clip_for("Hộ tịch", "en") is None


def test_what_is_no_longer_wanted_is_forgotten(
    clips: Callable[[Espeak], SiteClips], program: Program, tmp_path: Path
) -> None:
    site = clips(program(SPEAKS))
    site.want("centre", [("vi", "Hộ tịch")])
    site.want("procedures", [("vi", "Khai sinh")])
    until(lambda: site.clip_for("Khai sinh", "vi"))
    site.want("centre", [("vi", "Đất đai")])
    until(lambda: site.clip_for("Đất đai", "vi") and site.clip_for("Hộ tịch", "vi") is None)
    assert site.clip_for("Khai sinh", "vi")
    assert len(list((tmp_path / "clips").glob("*.wav"))) == 2


def test_a_damaged_clip_is_rendered_again(
    clips: Callable[[Espeak], SiteClips], program: Program, tmp_path: Path
) -> None:
    speech = program(SPEAKS)
    path = clip_path(tmp_path / "clips", speech, "vi", "Hộ tịch")
    path.parent.mkdir()
    path.write_bytes(b"RIFF")
    site = clips(speech)
    site.want("centre", [("vi", "Hộ tịch")])
    until(lambda: site.clip_for("Hộ tịch", "vi"))
    assert read_wav(path).duration_s > 0


@pytest.mark.parametrize(
    ("line", "reason"), [("exit 1", NoClip.NOT_SPOKEN), ("", NoClip.NO_PROGRAM)]
)
def test_a_text_that_cannot_be_rendered_is_told_with_its_reason(
    expected_warnings: list[str],
    clips: Callable[[Espeak], SiteClips],
    program: Program,
    line: str,
    reason: NoClip,
    tmp_path: Path,
) -> None:
    expected_warnings.append("texts without a clip")
    site = clips(program(line) if line else Espeak(program="no-such-program"))
    site.want("centre", [("vi", "Hộ tịch"), ("vi", "Xin chào")])
    until(lambda: site.missing)
    assert [(one.text, one.reason) for one in site.missing] == [("Hộ tịch", reason)]
    until(lambda: read_report(tmp_path / "clips"))
    assert read_report(tmp_path / "clips") == Report(texts=2, missing=site.missing)
    assert site.clip_for("Hộ tịch", "vi") is None


def test_a_full_disk_costs_the_clip_and_nothing_else(
    expected_warnings: list[str],
    clips: Callable[[Espeak], SiteClips],
    program: Program,
    tmp_path: Path,
) -> None:
    expected_warnings.append("texts without a clip")
    (tmp_path / "clips").write_text("a file stands where the folder should be")
    site = clips(program(SPEAKS))
    site.want("centre", [("vi", "Hộ tịch")])
    until(lambda: site.missing)
    assert site.missing[0].reason is NoClip.NOT_SPOKEN
    assert site.clip_for("Xin chào", "vi")


def test_texts_have_bounds(program: Program, packs: dict[str, Pack], tmp_path: Path) -> None:
    texts = [("vi", "x" * (LONGEST_TEXT + 1)), *(("vi", str(n)) for n in range(MOST_TEXTS))]
    found = list(missing_texts(texts, packs, program(SPEAKS), tmp_path))
    assert found[0].reason is NoClip.TOO_LONG
    assert found[1].reason is NoClip.NOT_YET
    assert found[-1].reason is NoClip.TOO_MANY
    none = missing_texts(texts, packs, Espeak(program="no-such-program"), tmp_path)
    assert {one.reason for one in none} == {NoClip.TOO_LONG, NoClip.NO_PROGRAM}


def test_what_has_no_clip_yet_is_spoken_when_somebody_listens(
    clips: Callable[[Espeak], SiteClips], program: Program, tmp_path: Path
) -> None:
    site = clips(program(SPEAKS))
    site.stop()  # nothing is rendered ahead, as beyond the last text that is kept
    site.want("procedures", [("vi", "Hộ  tịch"), ("vi", "x" * (LONGEST_TEXT + 1))])
    assert site.clip_for("Hộ tịch", "vi") is None
    assert site.sound_of("Hộ tịch", "vi")
    assert site.sound_of("Hộ tịch", "xx"), "the site's texts stay Vietnamese in a third language"
    assert site.sound_of("Xin chào", "vi")
    assert site.sound_of("x" * (LONGEST_TEXT + 1), "vi") is None
    assert site.sound_of("a stranger's words", "vi") is None
    assert (tmp_path / "heard").read_text().split("\n")[:-1] == ["Hộ tịch", "Hộ tịch"]
    mute = clips(program("exit 1"))
    mute.stop()
    mute.want("procedures", [("vi", "Hộ tịch")])
    assert mute.sound_of("Hộ tịch", "vi") is None


def test_the_names_of_the_longest_list_of_procedures_are_kept_in_both_languages() -> None:
    centre = load_centre()
    procedures = tuple(
        Procedure(
            key=f"civil-{each}",
            service=centre.services[each % 9].code,
            name=Phrase(f"Đăng ký việc {each}", f"Registration {each}"),
            who=Phrase(f"Cha hoặc mẹ {each}"),
        )
        for each in range(MOST_PROCEDURES)
    )
    known = HallSnapshot(centre=centre, procedures=Document(procedures=procedures))
    wanted = [*texts_of(centre), *spoken_texts(known, centre.identity.languages)]
    last = procedures[-1].name
    assert {("vi", last.vi), ("en", last.en)} <= set(wanted[:MOST_TEXTS])
    assert ("vi", "Cha hoặc mẹ 599") in wanted[MOST_TEXTS:]


@pytest.mark.full
def test_the_real_program_speaks_the_longest_text_while_somebody_waits(
    packs: dict[str, Pack], tmp_path: Path
) -> None:
    if not Espeak().installed:
        pytest.skip("espeak-ng is not installed")
    longest = ("Giấy xác nhận của cơ quan có thẩm quyền về việc cư trú. " * 10)[:LONGEST].strip()
    site = SiteClips(packs, Espeak(), tmp_path / "clips")
    site.want("procedures", [("vi", str(each)) for each in range(MOST_TEXTS)])
    site.want("more", [("vi", longest)])
    sound = site.sound_of(longest, "vi")
    assert sound
    assert sound.duration_s > 10


def test_another_voice_is_another_clip(tmp_path: Path) -> None:
    slow, fast = Espeak(words_per_minute=100), Espeak(words_per_minute=150)
    assert clip_path(tmp_path, slow, "vi", "một") != clip_path(tmp_path, fast, "vi", "một")
    assert clip_path(tmp_path, slow, "vi", "một") != clip_path(tmp_path, slow, "en", "một")
