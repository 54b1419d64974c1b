"""Command lines in the language of whoever types them."""

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from config.language import in_english
from config.process import Launch, read_launch
from hall.words import N_, Words


def words_of(environment: Mapping[str, str]) -> Words:
    """Return the words of LC_ALL, LC_MESSAGES or LANG: English where they say so."""
    return Words("en" if in_english(environment) else "vi")


_ERRORS = {
    r"unrecognized arguments: (.*)": N_("không hiểu {0}"),
    r"the following arguments are required: (.*)": N_("còn thiếu {0}"),
    r"argument (\S+): expected (?:one|at least one) argument": N_("{0}: thiếu giá trị"),
    r"argument (\S+): invalid choice: (.*) \(choose from (.*)\)": N_(
        "{0}: không thể là {1}; chọn một trong {2}"
    ),
    r"argument (\S+): invalid \S+ value: (.*)": N_("{0}: không thể là {1}"),
    r"argument (\S+): not allowed with argument (\S+)": N_("{0}: không dùng cùng với {1}"),
    r"argument (\S+): (.*)": N_("{0}: {1}"),
}
"""What argparse says, and what people read; what is not here stays in its English."""


class CommandParser(argparse.ArgumentParser):
    """An argument parser whose headings and `--help` are in the language of `t`.

    A command of its `add_subparsers()` is added with its own `description` and `t`. A text of
    several lines keeps them.
    """

    def __init__(self, prog: str, description: str, t: Words, epilog: str | None = None) -> None:
        def formatter(prog: str) -> argparse.HelpFormatter:
            return _Formatter(prog, t)

        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            add_help=False,
            formatter_class=formatter,
        )
        self.t = t
        self._positionals.title = t("tham số")
        self._optionals.title = t("tùy chọn")
        self.add_argument(
            "-h", "--help", action="help", help=t("in phần trợ giúp này rồi kết thúc")
        )

    def error(self, message: str) -> NoReturn:
        """Say what was typed wrong, after the usage, and exit with 2."""
        for wording, said in _ERRORS.items():
            if found := re.fullmatch(wording, message, re.DOTALL):
                message = self.t(said, *found.groups())
                break
        self.print_usage(sys.stderr)
        self.exit(2, self.t("{program}: lỗi: {message}", program=self.prog, message=message) + "\n")


def start(
    program: str,
    description: str,
    argv: Sequence[str],
    environment: Mapping[str, str],
    add_arguments: Callable[[CommandParser], None] | None = None,
) -> Launch:
    """Return what `python -m {program}` was started with; see `read_launch`."""
    t = words_of(environment)
    parser = CommandParser(f"python -m {program}", t(description), t)
    add = parser.add_argument
    add("--device", type=Path, metavar="FILE", help=t("thiết bị của máy này (device.toml)"))
    add("--data", type=Path, metavar="DIR", default=Path("var"), help=t("thư mục dữ liệu (var/)"))
    add("--log-level", default="INFO", choices=["DEBUG", "INFO", "WARNING"])
    add("--print-config", action="store_true", help=t("in cấu hình của máy này"))
    add(
        "--print-config-changes",
        action="store_true",
        help=t("chỉ in những gì khác với mặc định"),
    )
    if add_arguments:
        add_arguments(parser)
    return read_launch(parser, argv, environment)


def port(text: str) -> int:
    """Return a TCP port, 1 to 65535; for `type=` of an argument."""
    if not text.isdigit() or not 0 < int(text[:6]) <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"1–{_LAST_PORT}: {text[:20]!r}?")
    return int(text)


_LAST_PORT = 65535


class _Formatter(argparse.HelpFormatter):
    def __init__(self, prog: str, t: Callable[[str], str]) -> None:
        super().__init__(prog)
        self._t = t

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if "\n" in text else super()._fill_text(text, width, indent)

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """Begin with the word for usage in this language."""
        begin = self._t("cách dùng: ") if prefix is None else prefix
        super().add_usage(usage, actions, groups, begin)
