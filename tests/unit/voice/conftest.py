"""A small pack that a test makes: a few texts, tones for clips."""

import math
from array import array
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import tomli_w

from hardware.speaker import SAMPLE_RATE, Sound, write_wav
from voice.pack import BUILT_IN, PACK_FILE, PackSettings, read_settings

MakePack = Callable[..., Path]


def tone(pitch: float, seconds: float = 0.2) -> Sound:
    values = (math.sin(2 * math.pi * pitch * n / SAMPLE_RATE) for n in range(int(seconds * 22050)))
    return Sound("tone", array("h", [round(8000 * value) for value in values]).tobytes())


@pytest.fixture
def make_pack(tmp_path: Path) -> MakePack:
    """Make the directory of a pack that says `texts`."""

    def make(name: str = "lan", texts: tuple[str, ...] = ("một", "hai"), **more: object) -> Path:
        directory = tmp_path / name
        directory.mkdir()
        files = {text: f"clip-{place}.wav" for place, text in enumerate(texts)}
        for place, file in enumerate(files.values()):
            write_wav(directory / file, tone(200 + 100 * place))
        model = read_settings(BUILT_IN / "vi")
        fields = {"id": name, "voice": "Chị Lan", "clips": files, "chime": "", "render": None}
        settings: PackSettings = msgspec.structs.replace(model, **(fields | more))
        plain = {
            key: each for key, each in msgspec.to_builtins(settings).items() if each is not None
        }
        (directory / PACK_FILE).write_text(tomli_w.dumps(plain))
        return directory

    return make
