import shutil
import time

import pytest

from voice.errors import SpeechError
from voice.espeak import Espeak
from voice.levels import CEILING_DBTP, SILENT_LUFS, TARGET_LUFS, measured

installed = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is missing")


@installed
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_speaks_any_text(lang: str) -> None:
    sound = Espeak().sound("Xin mời quý vị", lang)
    assert 0.5 < sound.duration_s < 5
    assert measured(sound)[0] > SILENT_LUFS / 2


@installed
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_speaks_as_loud_as_the_clips(lang: str) -> None:
    sound = Espeak().sound("Xin mời quý vị đến quầy số ba", lang)
    loudness, peak = measured(sound)
    assert loudness == pytest.approx(TARGET_LUFS, abs=1)
    assert peak <= CEILING_DBTP


@installed
def test_a_text_that_looks_like_an_option_is_only_text() -> None:
    assert Espeak().sound("--voices", "en").duration_s > 0.2


def test_without_the_program_it_says_what_to_install() -> None:
    with pytest.raises(SpeechError, match="apt-get install espeak-ng"):
        Espeak(program="no-such-program").sound("một", "vi")


def test_a_program_that_fails_is_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    program = tmp_path_factory.mktemp("bin") / "espeak-ng"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(SpeechError, match="did not speak"):
        Espeak(program=str(program)).sound("một", "vi")


def test_a_program_that_hangs_is_ended(tmp_path_factory: pytest.TempPathFactory) -> None:
    program = tmp_path_factory.mktemp("bin") / "espeak-ng"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    began = time.monotonic()
    with pytest.raises(SpeechError, match="timed out"):
        Espeak(program=str(program), timeout_s=0.2).sound("một", "vi")
    assert time.monotonic() - began < 5
