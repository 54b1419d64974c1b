import wave

import pytest

from counter_caller.panel.chime import SOUND, chime


def test_the_sound_is_short_and_plays_everywhere() -> None:
    with wave.open(str(SOUND)) as sound:
        assert sound.getnchannels() == 1
        assert 0.3 < sound.getnframes() / sound.getframerate() < 1.5


def test_without_a_player_the_window_alone_asks_for_attention() -> None:
    chime(lambda _name: None)()


@pytest.mark.parametrize("only", ["pw-play", "paplay", "aplay"])
def test_the_player_that_is_there_is_started_with_the_sound(
    only: str, tmp_path_factory: pytest.TempPathFactory, qtbot: object
) -> None:
    assert qtbot
    told = tmp_path_factory.mktemp("player") / "told"
    player = told.with_name(only)
    player.write_text(f'#!/bin/sh\necho "$1" > {told}.new && mv {told}.new {told}\n')
    player.chmod(0o755)
    chime(lambda name: str(player) if name == only else None)()
    qtbot.waitUntil(told.exists, timeout=30_000)  # type: ignore[attr-defined]
    assert told.read_text().strip() == str(SOUND)


def test_a_player_that_cannot_start_costs_nothing() -> None:
    chime(lambda _name: "/nowhere/aplay")()
