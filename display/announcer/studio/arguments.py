"""The command line of `denluot voice`."""

import argparse
import re
from collections.abc import Callable
from pathlib import Path

from hall.words import Words
from hall.words.arguments import CommandParser


def make_parser(t: Words) -> CommandParser:
    """Return the parser; `action` of what it parses is check, record, pack or say."""
    parser = CommandParser("denluot voice", t("Kiểm tra, thu và nghe thử giọng đọc."), t)
    actions = parser.add_subparsers(
        title=t("việc cần làm"), dest="action", metavar="check|record|pack|say", required=True
    )

    def action(name: str, about: str) -> CommandParser:
        return actions.add_parser(name, help=about, description=about, t=t)

    check = action("check", t("kiểm tra từng lời của bộ giọng"))
    check.add_argument("packs", nargs="*", default=["vi", "en"], metavar="DIR|vi|en")
    record = action("record", t("thu một bộ giọng người thật, nghỉ rồi thu tiếp được"))
    add = record.add_argument
    add("pack", type=Path, metavar="DIR", help=t("thư mục của bộ giọng"))
    add("--language", default="vi", metavar="vi|en|…", help=t("ngôn ngữ của bộ giọng (vi)"))
    add("--speaker", default="", metavar="NAME", help=t("tên người đọc, ghi vào bộ giọng"))
    add("--licence", default="", metavar="TEXT", help=t("quyền sử dụng giọng, ghi vào bộ giọng"))
    add("--microphone", default="", metavar="NAME", help=t("một phần tên micro"))
    add(
        "--centre",
        type=Path,
        metavar="FILE",
        help=t("thu cả tên lĩnh vực và lời của trung tâm này (centre.toml)"),
    )
    _add_device(record)
    pack = action("pack", t("ghi bộ giọng ra một tệp, để mang sang nơi khác bằng USB"))
    pack.add_argument("pack", type=Path, metavar="DIR", help=t("thư mục của bộ giọng"))
    pack.add_argument(
        "to",
        type=Path,
        nargs="?",
        default=Path(),
        metavar="TO",
        help=t("thư mục của USB, hoặc tên tệp (thư mục này)"),
    )
    _add_device(pack)
    say = action("say", t("đọc thử một lượt gọi"))
    add = say.add_argument
    add("number", type=_number(t), metavar="NUMBER", help=t("số phiếu, ví dụ 2005"))
    add("counter", type=_counter(t), metavar="COUNTER", help=t("số quầy"))
    add(
        "--lang",
        choices=["vi", "en"],
        default="vi",
        help=t("ngôn ngữ người lấy số đã chọn"),
    )
    add("--again", action="store_true", help=t("câu nhắc lại"))
    add("--collect", action="store_true", help=t("mời nhận kết quả"))
    add("--pack", type=Path, metavar="DIR", help=t("dùng bộ giọng này"))
    add("--wav", type=Path, metavar="FILE", help=t("ghi ra tệp thay vì phát ra loa"))
    _add_device(say)
    return parser


def _add_device(parser: CommandParser) -> None:
    t, add = parser.t, parser.add_argument
    add("--device", type=Path, metavar="FILE", help=t("máy này có gì (device.toml)"))
    add(
        "--data",
        type=Path,
        metavar="DIR",
        default=Path("var"),
        help=t("nơi loa giả lập ghi tệp (var/)"),
    )


def _number(t: Words) -> Callable[[str], str]:
    def number(text: str) -> str:
        if not re.fullmatch(r"[0-9A-Za-zĐđ]{1,8}", text):
            raise argparse.ArgumentTypeError(
                t("Số phiếu gồm 1–8 chữ số và chữ cái, ví dụ 2005 hoặc A005")
            )
        return text.upper()

    return number


def _counter(t: Words) -> Callable[[str], int]:
    def counter(text: str) -> int:
        if not re.fullmatch(r"[1-9][0-9]?", text):
            raise argparse.ArgumentTypeError(t("Số quầy là từ 1 đến 99"))
        return int(text)

    return counter
