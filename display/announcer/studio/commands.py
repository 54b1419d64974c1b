"""The three commands of `denluot voice`, with the box they run on passed in."""

import datetime as dt
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table

from bus.states import Call
from bus.vocabulary import Language, TicketClass
from display.announcer.call_queue import Utterance
from display.announcer.espeak import Espeak
from display.announcer.inspection import Fault, Finding, inspect_pack
from display.announcer.pack import BUILT_IN, Pack, load_pack, site_pack
from display.announcer.studio.record import Desk, Input, Session
from display.announcer.studio.script import begin_pack
from display.announcer.studio.texts import Texts
from display.announcer.voice import Voice
from hardware.speaker import Sound, SpeakerError, write_wav

_WORDING = {Fault.LOUDNESS: "loudness_fault", Fault.PEAK: "peak_fault"}
_COLUMNS = ("text", "file", "length", "loudness", "peak", "edges", "verdict")
_FILE_WIDTH = 120
_FIGURES = frozenset({"length", "loudness", "peak", "edges"})


def check(directory: Path, texts: Texts, console: Console) -> bool:
    """Print what a pack has and lacks; return whether it is clean; raises PackError."""
    found = inspect_pack(directory)
    table = Table(box=None, header_style="bold")
    if not console.is_terminal:
        console.width = max(console.width, _FILE_WIDTH)
    for column in _COLUMNS:
        figure = column in _FIGURES
        table.add_column(
            texts(column),
            justify="right" if figure else "left",
            no_wrap=figure,
            overflow="fold",
        )
    for finding in found:
        table.add_row(*_row(finding, texts), style="red" if finding.faults else None)
    console.print(table)
    faulty = sum(bool(finding.faults) for finding in found)
    key = "faulty" if faulty else "clean"
    told = texts(key, name=directory.name, count=len(found), faulty=faulty)
    console.print(told, markup=False, soft_wrap=True)
    return not faulty


def fault_text(fault: Fault, finding: Finding, texts: Texts) -> str:
    """Return in words what is wrong."""
    return texts(_WORDING.get(fault, fault.value), form=finding.form)


def _row(finding: Finding, texts: Texts) -> list[str]:
    level = finding.level
    figures = ["", "", "", ""]
    if level:
        before, after = level.edges_ms
        figures = [
            f"{level.duration_s:.2f}",
            f"{level.lufs:.1f}",
            f"{level.peak_dbtp:.1f}",
            f"{before}/{after}",
        ]
    faults = [fault_text(fault, finding, texts) for fault in finding.faults]
    return [finding.text, finding.file, *figures, "; ".join(faults) or texts("ok")]


_LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def call_sound(
    packs: Mapping[str, Pack],
    number: str,
    counter: int,
    *,
    english: bool = False,
    again: bool = False,
    collect: bool = False,
) -> Sound:
    """Return the call of `number` to `counter`, chime first; raises SpeechError.

    `english` is that of a ticket taken in English, `again` the reminder, `collect` the call of
    somebody who collects a result.
    """
    call = Call(
        call_seq=0,
        number=number,
        counter=counter,
        service="",
        ticket_class=TicketClass.NORMAL,
        lang=Language.ENGLISH if english else Language.VIETNAMESE,
        repeat=int(again),
        at=_LONG_AGO,
    )
    utterance = Utterance(call, time=1, chime=True)
    return Voice(packs, Espeak()).sound(utterance, collects_result=collect)


@dataclass(frozen=True, slots=True)
class Box:
    """What the machine has and how it talks to the person."""

    texts: Texts
    console: Console
    packs: Mapping[Literal["vi", "en"], str]
    """Language to the directory of the site's pack."""
    microphone: Callable[[str], Input]
    play: Callable[[Sound], str]
    """Plays on the box's loudspeaker and returns its name; raises SpeakerError."""

    def tell(self, text: str) -> None:
        """Show a line."""
        self.console.print(text, markup=False, soft_wrap=True)


def check_packs(box: Box, arguments: Namespace) -> bool:
    """Check packs; return whether all are clean; raises PackError."""
    found = [
        check(BUILT_IN / pack if pack in ("vi", "en") else Path(pack), box.texts, box.console)
        for pack in arguments.packs
    ]
    return all(found)


def record_pack(box: Box, arguments: Namespace) -> bool:
    """Record a pack; return whether it is complete; raises SpeakerError and PackError."""
    microphone = box.microphone(arguments.microphone)
    microphone.input()
    settings = begin_pack(arguments.pack, arguments.language, arguments.speaker, arguments.licence)

    def play(sound: Sound) -> None:
        try:
            box.play(sound)
        except SpeakerError as error:
            box.tell(box.texts("no_output", error=error))

    desk = Desk(microphone, play, input, box.tell)
    return Session(arguments.pack, settings, desk, box.texts).run()


def say_call(box: Box, arguments: Namespace) -> bool:
    """Say one call; raises AnnouncerError and SpeakerError."""
    packs = {lang: site_pack(lang, box.packs.get(lang)) for lang in ("vi", "en")}
    if arguments.pack:
        pack = load_pack(arguments.pack)
        packs[pack.settings.language] = pack
    sound = call_sound(
        packs,
        arguments.number,
        arguments.counter,
        english=arguments.lang == "en",
        again=arguments.again,
        collect=arguments.collect,
    )
    if arguments.wav:
        write_wav(arguments.wav, sound)
        box.tell(box.texts("written", path=arguments.wav, seconds=sound.duration_s))
    else:
        output = box.play(sound)
        box.tell(box.texts("spoken", output=output, seconds=sound.duration_s))
    return True
