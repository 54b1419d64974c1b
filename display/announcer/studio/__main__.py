"""`denluot voice`: `python -m display.announcer.studio`."""

import os
import sys

from rich.console import Console

from config import Clock, ConfigError, load_device
from display.announcer.studio.arguments import make_parser
from display.announcer.studio.commands import (
    NO_OUTPUT,
    Box,
    check_packs,
    pack_voice,
    record_pack,
    say_call,
)
from hall.words.arguments import words_of
from hardware.speaker import NoInputError, NoOutputError, Sound, SpeakerError, open_speaker
from hardware.speaker.microphone import Microphone
from voice.errors import VoiceError
from voice.levels import FfmpegMissingError

_COMMANDS = {"check": check_packs, "record": record_pack, "pack": pack_voice, "say": say_call}


def main() -> int:
    """Check, record or say; return 0 when all is well, 1 when it is not, 2 when it cannot be."""
    t = words_of(os.environ)
    arguments = make_parser(t).parse_args()
    console = Console(highlight=False)

    def play(sound: Sound) -> str:
        speaker = open_speaker(box.speaker, arguments.data, box.device, Clock())
        name = speaker.output()
        speaker.play(sound)
        return name

    try:
        box = load_device(getattr(arguments, "device", None)).announcer
        studio = Box(t, console, box.packs, Microphone, play)
        return 0 if _COMMANDS[arguments.action](studio, arguments) else 1
    except FfmpegMissingError:
        problem = t(
            "Máy này chưa có ffmpeg, chương trình đo và chỉnh độ to của giọng đọc. Xin cài bằng "
            "lệnh: apt-get install ffmpeg. Việc gọi số hằng ngày không cần đến nó."
        )
    except NoOutputError as error:
        problem = t(NO_OUTPUT, error=error)
    except NoInputError as error:
        problem = t(
            "Không có micro nên không thu được. Hãy cắm micro rồi chạy lại.\n({error})", error=error
        )
    except (VoiceError, ConfigError, SpeakerError, OSError) as error:
        problem = t("Không làm được: {error}", error=error)
    sys.stderr.write(f"{problem}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
