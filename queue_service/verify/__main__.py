"""Check a store: `denluot verify --data DIR`, also beside a running service."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.process import STORE_VARIABLE
from hall.words import Words
from hall.words.arguments import CommandParser, words_of
from queue_service.verify import Verdict, verify
from wait_log.dialects import store_url
from wait_log.errors import StoreError
from wait_log.reader import open_reader

_SHOWN = 100


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was checked; return 0 when all is well, 1 when something is wrong."""
    t = words_of(os.environ)
    parser = CommandParser(
        "denluot verify",
        t(
            "Kiểm tra sổ ghi, cả khi dịch vụ đang chạy: chuỗi sự kiện còn nguyên, diễn lại khớp "
            "với mọi bảng. Mã kết thúc: 0 tốt, 1 có chỗ sai."
        ),
        t,
    )
    add = parser.add_argument
    add("--data", type=Path, metavar="DIR", default=Path("var"), help=t("thư mục dữ liệu (var/)"))
    add("--store", metavar="URL", help=t("kho dữ liệu, nếu không nằm trong DIR"))
    arguments = parser.parse_args(sys.argv[1:] if argv is None else argv)
    try:
        url = store_url(arguments.data, arguments.store or os.environ.get(STORE_VARIABLE))
        verdicts = list(_verdicts(url, t))
    except StoreError as error:
        sys.stdout.write(t("KHÔNG tốt: {what}", what=error) + "\n")
        return 1
    for site, verdict in verdicts:
        _tell(site, verdict, t)
    return 1 if any(verdict.problems for _, verdict in verdicts) else 0


def _verdicts(url: str, t: Words) -> Iterator[tuple[str, Verdict]]:
    reader = open_reader(url, "")
    try:
        sites = reader.sites() if reader.exists() else []
    finally:
        reader.close()
    if not sites:
        raise StoreError(t("chưa có sổ ghi ở đây; ghi thư mục của nó sau --data"))
    for site in sites:
        with open_reader(url, site) as reader:
            yield site, verify(reader)


def _tell(site: str, verdict: Verdict, t: Words) -> None:
    for problem in verdict.problems[:_SHOWN]:
        sys.stdout.write(f"{problem}\n")
    if verdict.problems[_SHOWN:]:
        sys.stdout.write(t("… và {count} chỗ nữa", count=len(verdict.problems) - _SHOWN) + "\n")
    counted = t(
        "{events} sự kiện, {days} ngày, {tickets} lượt",
        events=verdict.events,
        days=verdict.days,
        tickets=verdict.tickets,
    )
    if verdict.withheld:
        counted += t(", {count} sự kiện được giữ kín", count=verdict.withheld)
    what = f"{counted} ({site})"
    good, bad = t("tốt: {what}", what=what), t("KHÔNG tốt: {what}", what=what)
    sys.stdout.write((bad if verdict.problems else good) + "\n")


if __name__ == "__main__":
    sys.exit(main())
