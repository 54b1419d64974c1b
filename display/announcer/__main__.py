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
from voice.inspection import kiosk_texts
from voice.shelf import FOLDER, VoicePacks, fetch_from


def main() -> None:
    """Speak until told to stop."""
    launch = start("display.announcer", N_("Đọc các lượt gọi ra loa."), sys.argv[1:], os.environ)
    announcer, packs = _announcer(launch)
    stopping = Stopping()
    packs.start()
    announcer.start()
    stopping.wait()
    launch.watchdog.stopping()
    packs.stop()
    announcer.stop()


def _announcer(launch: Launch) -> tuple[Announcer, VoicePacks]:
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
    packs = VoicePacks(
        {str(lang): path for lang, path in box.packs.items()},
        launch.data / FOLDER / "announcer",
        fetch_from(launch.host),
        leave_out=lambda pack: kiosk_texts(pack.settings),
    )
    link.follow_devices(("web",), packs.follow_server)
    history = launch.data / "announcer" / f"{box.device}.json"
    voice = Voice(packs, Espeak())
    return Announcer(link, speaker, voice, launch.clock, history, watchdog=launch.watchdog), packs


if __name__ == "__main__":
    main()
