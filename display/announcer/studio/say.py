"""One call as the hall would hear it."""

import datetime as dt
from collections.abc import Mapping

from bus.states import Call
from bus.vocabulary import Language, TicketClass
from display.announcer.espeak import Espeak
from display.announcer.line import Utterance
from display.announcer.pack import Pack
from display.announcer.voice import Voice
from hardware.speaker import Sound

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
