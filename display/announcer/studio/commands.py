"""The commands of `denluot voice`, with the box they run on passed in."""

import datetime as dt
import re
import threading
import time
import unicodedata
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bus.states import Call
from bus.vocabulary import Language, TicketClass
from config import Clock, load_centre
from display.announcer.call_queue import Utterance
from display.announcer.studio.keys import read_key
from display.announcer.studio.record import Desk, Input, Session
from display.announcer.studio.script import begin_pack
from display.announcer.voice import Voice
from hall.words import N_, Words
from hardware.speaker import Sound, SpeakerError, write_wav
from voice.archive import write_archive
from voice.espeak import Espeak
from voice.inspection import Fault, Finding, inspect_pack, needed_texts
from voice.pack import BUILT_IN, Pack, PackSettings, load_pack, read_settings, site_pack
from voice.site_clips import texts_of

NO_OUTPUT = N_(
    "Không có đầu ra âm thanh nên không nghe được gì. Hãy nối loa hoặc ghi ra tệp bằng --wav TỆP.\n"
    "({error})"
)
_FAULTS = {
    Fault.MISSING: N_("chưa có tiếng cho lời này"),
    Fault.NO_FILE: N_("không có tệp này"),
    Fault.NOT_WAV: N_("không phải tệp WAV PCM"),
    Fault.FORMAT: N_("tệp là {form}; cần 1 × 16 bit, 22050 Hz"),
    Fault.EMPTY: N_("tệp không có tiếng"),
    Fault.CUT_SHORT: N_("tệp bị cụt, hãy chép lại"),
    Fault.LOUDNESS: N_("độ to phải gần -16 LUFS"),
    Fault.PEAK: N_("đỉnh phải dưới -1,5 dBTP"),
    Fault.EDGE: N_("khoảng lặng phải dưới 80 ms"),
    Fault.DURATION: N_("phải dài 0,1–6 giây"),
}
_COLUMNS = {
    N_("Lời đọc"): False,
    N_("Tệp"): False,
    N_("Giây"): True,
    N_("LUFS"): True,
    N_("dBTP"): True,
    N_("Lặng đầu/cuối, ms"): True,
    N_("Kết quả"): False,
}
"""Each with whether it holds figures."""
_FILE_WIDTH = 120


def check(directory: Path, t: Words, console: Console) -> bool:
    """Print what a pack has and lacks; return whether it is clean; raises PackError."""
    found = inspect_pack(directory)
    table = Table(box=None, header_style="bold")
    if not console.is_terminal:
        console.width = max(console.width, _FILE_WIDTH)
    for column, figure in _COLUMNS.items():
        table.add_column(
            t(column),
            justify="right" if figure else "left",
            no_wrap=figure,
            overflow="fold",
        )
    for finding in found:
        table.add_row(*_row(finding, t), style="red" if finding.faults else None)
    console.print(table)
    faulty = sum(bool(finding.faults) for finding in found)
    if faulty:
        told = t(
            "{name}: {faulty} trên {count} lời cần sửa. Lời nào thiếu thì cả câu do espeak-ng đọc.",
            name=directory.name,
            faulty=faulty,
            count=len(found),
        )
    else:
        told = t("{name}: {count} lời, tất cả đều đạt.", name=directory.name, count=len(found))
    console.print(told, markup=False, soft_wrap=True)
    return not faulty


def _row(finding: Finding, t: Words) -> list[str]:
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
    faults = [t(_FAULTS[fault], form=finding.form) for fault in finding.faults]
    return [finding.text, finding.file, *figures, "; ".join(faults) or t("đạt")]


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

    t: Words
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
        check(BUILT_IN / pack if pack in ("vi", "en") else Path(pack), box.t, box.console)
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
            box.tell(box.t(NO_OUTPUT, error=error))

    def show(progress: str, text: str) -> None:
        words = Text(text, style="bold", justify="center")
        box.console.print(Panel(words, title=progress, padding=(1, 4), title_align="left"))

    own: tuple[str, ...] = ()
    if arguments.centre:
        texts = texts_of(load_centre(arguments.centre))
        own = tuple(text for lang, text in texts if lang == settings.language)
    waiting = threading.Event()

    def wait(seconds: float) -> None:
        waiting.wait(seconds)

    desk = Desk(
        microphone=microphone,
        play=play,
        ask=read_key,
        tell=box.tell,
        show=show,
        wait=wait,
        monotonic=time.monotonic,
    )
    today = Clock().now().astimezone().date()
    session = Session(arguments.pack, settings, desk, box.t, today=today, more_texts=own)
    return session.run()


def pack_voice(box: Box, arguments: Namespace) -> bool:
    """Write a pack to one file, such as on a stick; raises PackError."""
    settings = read_settings(arguments.pack)
    target = arguments.to
    if target.is_dir():
        target /= file_name(settings)
    complete = write_archive(arguments.pack, target)
    lacking = set(needed_texts(complete)) - set(complete.clips)
    box.tell(
        box.t(
            "Đã ghi {path}: {count} lời, {size:.1f} MB.\n"
            "Cài ở trung tâm khác: trang Thiết bị, mục Giọng đọc, chọn tệp này.",
            path=target,
            count=len(complete.clips),
            size=target.stat().st_size / 1_000_000,
        )
    )
    if lacking:
        box.tell(
            box.t(
                "Còn thiếu {count} lời, những câu đó do máy đọc: denluot voice record {name}",
                count=len(lacking),
                name=arguments.pack,
            )
        )
    return True


def file_name(settings: PackSettings) -> str:
    """Return what a pack's file is called, whatever somebody named the pack."""
    plain = unicodedata.normalize("NFD", settings.id.replace("đ", "d").replace("Đ", "D"))
    name = re.sub(r"[^A-Za-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")
    return f"{name or 'voice'}-{settings.language}.zip"


def say_call(box: Box, arguments: Namespace) -> bool:
    """Say one call; raises VoiceError and SpeakerError."""
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
        box.tell(
            box.t(
                "Đã ghi {path}, {seconds:.1f} giây.", path=arguments.wav, seconds=sound.duration_s
            )
        )
    else:
        output = box.play(sound)
        box.tell(
            box.t(
                "Đã đọc, {seconds:.1f} giây, ra {output}.", output=output, seconds=sound.duration_s
            )
        )
    return True
