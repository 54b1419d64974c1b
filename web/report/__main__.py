"""Make the report of a period as a file: `denluot report`."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path

import msgspec

from config import CLOCK_VARIABLE, Centre, Clock, centre_from_wire, load_centre
from config.durable import replace_durably
from config.errors import ConfigError
from config.load import load_device
from config.process import STORE_VARIABLE
from hall.words import Words
from hall.words.arguments import CommandParser, words_of
from provisioning.errors import SiteDbError
from provisioning.ratings import Ratings
from provisioning.site_db import FILE_NAME as SITE_DB
from provisioning.site_db import open_site_db
from wait_log.dialects import store_url
from wait_log.errors import StoreError
from wait_log.figure_cache import CACHE_FILE, FigureCache
from wait_log.figures import Figures, Selection, Tally, figures
from wait_log.periods import Period, Preset, last_ended, period_of
from wait_log.reader import Reader, open_reader
from web.export import figures_csv, figures_xlsx
from web.export.satisfaction import Satisfaction, opinions_of
from web.report.drafts import Drafts
from web.report.make import make_report
from web.report.settings import ReportSettings
from web.report.word import word_file

_FORMATS = ("docx", "xlsx", "csv")
_PROBLEM, _WRONG = 1, 2


def main(argv: list[str]) -> int:
    """Write the report; return 0, 1 when it cannot be made or written, 2 for wrong arguments."""
    t = words_of(os.environ)
    parser = _parser(t)
    arguments = parser.parse_args(argv)
    output: Path = arguments.output
    kind = arguments.format or output.suffix.removeprefix(".").lower()
    if kind not in _FORMATS:
        parser.error(t("chưa rõ dạng tệp: thêm --format docx, xlsx hoặc csv"))
    if output.exists() and not arguments.force:
        sys.stderr.write(t("{file} đã có; thêm --force để ghi đè", file=output) + "\n")
        return _PROBLEM
    try:
        clock = Clock.parse(os.environ.get(CLOCK_VARIABLE))
        with _log(arguments.data, arguments.device) as log:
            centre = _centre(log, arguments.centre)
            today = clock.now().astimezone(centre.identity.zone).date()
            try:
                period = _period(arguments.period, arguments.first, arguments.last, today)
            except ValueError:
                parser.error(t("mời dùng cả --from và --to, dạng 2026-10-15, theo thứ tự"))
            if not log.exists():
                sys.stderr.write(t("Chưa có số liệu trong {data}.", data=arguments.data) + "\n")
            _say(t("Đang tính số liệu {first} – {last} …", first=period.first, last=period.last))
            counted = _count(log, Selection(period), centre)
        _say(t("Đang lập tệp …"))
        replace_durably(output, _file(kind, counted, centre, arguments.data, t))
    except (StoreError, SiteDbError, ConfigError, OSError) as error:
        sys.stderr.write(t("Chưa lập được báo cáo: {why}", why=error) + "\n")
        return _PROBLEM
    said = t.plural("{count} lượt giao dịch", counted.tally.issued)
    sys.stdout.write(f"{output}: {period.first} – {period.last}, {said}\n")
    return 0


def _parser(t: Words) -> CommandParser:
    parser = CommandParser(
        "denluot report",
        t(
            "Lập báo cáo thời gian chờ của một kỳ thành tệp, cả khi trung tâm đang chạy. Chưa có "
            "số liệu thì lập mẫu trống. Mã kết thúc: 0 đã lập, 1 chưa lập được, 2 sai tham số."
        ),
        t,
    )
    add = parser.add_argument
    add(
        "--period",
        choices=[str(preset) for preset in Preset],
        default=str(Preset.MONTH),
        help=t("kỳ gần nhất đã hết; month là từ ngày 15 đến ngày 14 (mặc định)"),
    )
    add("--from", dest="first", metavar="DAY", help=t("ngày đầu, dạng 2026-10-15"))
    add("--to", dest="last", metavar="DAY", help=t("ngày cuối, dạng 2026-11-14"))
    add("--format", choices=_FORMATS, help=t("dạng tệp (mặc định theo đuôi của tệp)"))
    add("--output", type=Path, metavar="FILE", required=True, help=t("tệp được ghi"))
    add("--force", action="store_true", help=t("ghi đè khi tệp đã có"))
    add("--data", type=Path, metavar="DIR", default=Path("var"), help=t("thư mục dữ liệu (var/)"))
    add("--device", type=Path, metavar="FILE", help=t("thiết bị của máy này (device.toml)"))
    add("--centre", type=Path, metavar="FILE", help=t("centre.toml, khi chưa có số liệu"))
    return parser


@contextmanager
def _log(data: Path, device: Path | None) -> Iterator[Reader]:
    url = store_url(data, os.environ.get(STORE_VARIABLE))
    kept = FigureCache(data / CACHE_FILE) if data.is_dir() else FigureCache()
    log = open_reader(url, load_device(device).site, kept)
    try:
        yield log
    finally:
        log.close()


def _centre(log: Reader, path: Path | None) -> Centre:
    """Return the centre as the log knows it, else that of the file or the built-in one."""
    newest = log.newest_config() if path is None and log.exists() else None
    return centre_from_wire(msgspec.json.decode(newest.body)) if newest else load_centre(path)


def _count(log: Reader, selection: Selection, centre: Centre) -> Figures:
    return figures(log, selection, centre) if log.exists() else Figures(selection, Tally())


def _told(data: Path, counted: Figures) -> tuple[ReportSettings, Satisfaction | None]:
    """Return what the site has settled for its reports, and what people thought."""
    if not (data / SITE_DB).exists():
        return ReportSettings(), None
    db = open_site_db(data / SITE_DB)
    try:
        return Drafts(db).settings(), opinions_of(Ratings(db))(counted)
    finally:
        db.close()


def _period(preset: str, first: str | None, last: str | None, today: date) -> Period:
    if first or last:
        return Period.parse(first or "", last or "")
    if preset == Preset.TODAY:
        return period_of(Preset.TODAY, today)
    return last_ended(Preset(preset), today)


def _file(kind: str, counted: Figures, centre: Centre, data: Path, t: Words) -> bytes:
    settings, opinion = _told(data, counted)
    match kind:
        case "docx":
            made_at = counted.until or datetime.combine(counted.selection.period.last, time(), UTC)
            return word_file(make_report(counted, centre, settings, opinion), made_at)
        case "xlsx":
            return figures_xlsx(counted, centre, t, opinion)
        case _:
            return figures_csv(counted, centre, t, opinion)


def _say(words: str) -> None:
    """Tell a person at a terminal how far it is."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{words}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
