"""Start the announcer of this box: `python -m display.announcer`."""

import os
import sys

from bus.session import at_once, connect
from config import Stopping
from config.process import Launch
from display.announcer.app import Announcer
from display.announcer.voice import Voice
from hall.words import N_
from hall.words.arguments import start
from hardware.speaker import open_speaker
from voice.espeak import Espeak
from voice.pack import site_pack


def main() -> None:
    """Speak until told to stop."""
    launch = start("display.announcer", N_("Đọc các lượt gọi ra loa."), sys.argv[1:], os.environ)
    announcer = _announcer(launch)
    stopping = Stopping()
    announcer.start()
    stopping.wait()
    launch.watchdog.stopping()
    announcer.stop()


def _announcer(launch: Launch) -> Announcer:
    box = launch.device.announcer
    link = connect(
        launch.account(box.device, "announcer"),
        launch.device.site,
        "announcer",
        now=launch.clock.now,
        monotonic=launch.clock.monotonic,
        machine=launch.machine,
        deliver=at_once,
    )
    speaker = open_speaker(box.speaker, launch.data, box.device, launch.clock)
    packs = {lang: site_pack(lang, box.packs.get(lang)) for lang in ("vi", "en")}
    history = launch.data / "announcer" / f"{box.device}.json"
    return Announcer(
        link, speaker, Voice(packs, Espeak()), launch.clock, history, watchdog=launch.watchdog
    )


if __name__ == "__main__":
    main()
