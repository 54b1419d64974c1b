"""The command line of `denluot voice`."""

import argparse
import re
from collections.abc import Callable
from pathlib import Path

from display.announcer.studio.texts import Texts


def make_parser(texts: Texts) -> argparse.ArgumentParser:
    """Return the parser; `action` of what it parses is check, record or say."""
    parser = argparse.ArgumentParser(prog="denluot voice", description=texts("about"))
    actions = parser.add_subparsers(dest="action", required=True)
    check = actions.add_parser("check", help=texts("about_check"))
    check.add_argument("packs", nargs="*", default=["vi", "en"], metavar="DIR|vi|en")
    record = actions.add_parser("record", help=texts("about_record"))
    record.add_argument("pack", type=Path, metavar="DIR")
    record.add_argument("--language", choices=["vi", "en"], default="vi")
    record.add_argument("--speaker", default="", help=texts("about_speaker"))
    record.add_argument("--licence", default="", help=texts("about_licence"))
    record.add_argument("--microphone", default="", help=texts("about_microphone"))
    _add_device(record, texts)
    say = actions.add_parser("say", help=texts("about_say"))
    say.add_argument("number", type=_number(texts))
    say.add_argument("counter", type=_counter(texts))
    say.add_argument("--lang", choices=["vi", "en"], default="vi", help=texts("about_lang"))
    say.add_argument("--again", action="store_true", help=texts("about_again"))
    say.add_argument("--collect", action="store_true", help=texts("about_collect"))
    say.add_argument("--pack", type=Path, metavar="DIR", help=texts("about_pack"))
    say.add_argument("--wav", type=Path, metavar="FILE", help=texts("about_wav"))
    _add_device(say, texts)
    return parser


def _add_device(parser: argparse.ArgumentParser, texts: Texts) -> None:
    parser.add_argument("--device", type=Path, help=texts("about_device"))
    parser.add_argument("--data", type=Path, default=Path("var"), help=texts("about_data"))


def _number(texts: Texts) -> Callable[[str], str]:
    def number(text: str) -> str:
        if not re.fullmatch(r"[0-9A-Za-zĐđ]{1,8}", text):
            raise argparse.ArgumentTypeError(texts("number"))
        return text.upper()

    return number


def _counter(texts: Texts) -> Callable[[str], int]:
    def counter(text: str) -> int:
        if not re.fullmatch(r"[1-9][0-9]?", text):
            raise argparse.ArgumentTypeError(texts("counter"))
        return int(text)

    return counter
