"""Move a store to another database: `denluot move-store FROM TO`."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from hall.words import Words
from hall.words.arguments import CommandParser, words_of
from queue_service.verify import verify
from wait_log.dialects import shown_url, store_url
from wait_log.errors import StoreError
from wait_log.moving import finish_move, move_store, unlike
from wait_log.reader import open_reader

_SHOWN = 5
_TELL_EVERY_S = 0.5


def main(argv: Sequence[str] | None = None) -> int:
    """Copy, prove the copy, and only then make it a store; return the exit status."""
    t = words_of(os.environ)
    parser = CommandParser(
        "denluot move-store",
        t(
            "Chép cả kho dữ liệu sang nơi khác (SQLite hoặc PostgreSQL), kiểm tra bản chép rồi mới "
            "cho dùng. Dịch vụ phải dừng; kho cũ giữ nguyên."
        ),
        t,
    )
    add = parser.add_argument
    where = t("thư mục dữ liệu, hoặc URL: postgresql+psycopg://USER@HOST/DB?passfile=FILE")
    add("source", metavar="FROM", help=where)
    add("target", metavar="TO", help=where)
    add("--again", action="store_true", help=t("xóa bản chép dở ở TO và chép lại từ đầu"))
    options = parser.parse_args(sys.argv[1:] if argv is None else argv)
    progress = _Progress(t, time.monotonic)
    try:
        source, target = _url(options.source), _url(options.target)
        began = time.monotonic()
        sites = move_store(source, target, progress.copied, again=options.again)
        progress.say(t("kiểm tra bản chép…"))
        problems = [problem for site in sites for problem in _problems(source, target, site)]
        if not problems:
            finish_move(target, sites)
    except StoreError as error:
        progress.say(str(error))
        return 1
    if problems:
        progress.say(t("bản chép KHÔNG tốt: {what}", what="; ".join(problems[:_SHOWN])))
        return 1
    took = t("{seconds} giây", seconds=f"{time.monotonic() - began:.0f}")
    progress.say(t("đã chép và kiểm tra: {store}, sau {took}", store=shown_url(target), took=took))
    progress.say(t("kho cũ còn nguyên: cất đi, đừng chạy dịch vụ trên nó nữa"))
    return 0


def _url(text: str) -> str:
    """Return the URL of a store that is named by its own URL or by its data directory."""
    return store_url(Path(), text) if "://" in text else store_url(Path(text))


def _problems(source: str, target: str, site: str) -> list[str]:
    """Return what is wrong with the copy of a site: against its source, and by itself."""
    with open_reader(target, site) as reader:
        verdict = verify(reader)
    return [*unlike(source, target, site), *verdict.problems]


class _Progress:
    """One line that says how far the copy is, now and then."""

    def __init__(self, t: Words, monotonic: Callable[[], float]) -> None:
        self._t = t
        self._monotonic = monotonic
        self._told_at = float("-inf")
        self._table = ""

    def copied(self, table: str, done: int, total: int) -> None:
        """Tell that so many rows of a table are copied."""
        now = self._monotonic()
        if done < total and table == self._table and now < self._told_at + _TELL_EVERY_S:
            return
        self._table, self._told_at = table, now
        line = self._t("{table}: {done}/{total} dòng", table=table, done=done, total=total)
        sys.stdout.write(f"\r{line:60}" + ("\n" if done == total else ""))
        sys.stdout.flush()

    def say(self, line: str) -> None:
        """Tell something else, on a line of its own."""
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
