"""Everything in formats that any program reads: CSV, JSON lines, and a page on every column."""

import csv
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from hall.words import N_, Words
from provisioning.backup.errors import BackupError
from provisioning.backup.make import translated
from provisioning.backup.manifest import PARTIAL, sync_folder
from wait_log.errors import StoreError
from wait_log.open_rows import LEFT_OUT, TABLES, OpenRows

README_FILE = "README.txt"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOLD_EVERY = 5000
_FILES = {
    "tickets": N_("mỗi số một dòng, như nó kết thúc"),
    "appointments": N_("mỗi lịch hẹn một dòng, không có mã của người hẹn"),
    "calls": N_("mỗi lượt gọi một dòng"),
    "acknowledgements": N_("khi nào một lượt gọi đến bảng và loa"),
    "prints": N_("kết quả của mỗi lần in phiếu"),
    "days": N_("mỗi ngày làm việc một dòng"),
    "centre_versions": N_("mọi phiên bản cấu hình của trung tâm"),
    "events": N_("toàn bộ sổ ghi, mỗi sự kiện một dòng, nối nhau bằng mã băm"),
}
COLUMNS = {
    "id": N_("mã của lượt"),
    "business_day": N_("ngày làm việc (mở lúc 03:00)"),
    "series": N_("dãy số: phần đầu của số"),
    "number": N_("số như in trên phiếu"),
    "service": N_("lĩnh vực"),
    "ticket_class": N_("diện: normal thường, priority ưu tiên, appointment có hẹn"),
    "lang": N_("ngôn ngữ người dân chọn"),
    "device": N_("thiết bị"),
    "offline_book": N_("1: cấp từ sổ dự phòng khi mất liên lạc"),
    "state": N_("trạng thái sau cùng"),
    "order_key_at": N_("mốc xếp hàng: giờ lấy số trừ phần ưu tiên"),
    "counter": N_("quầy"),
    "to_counter": N_("quầy được chuyển đến mà chưa gọi"),
    "issued_at": N_("lúc lấy số"),
    "first_called_at": N_("lúc được gọi lần đầu"),
    "called_at": N_("lúc được gọi gần nhất"),
    "started_at": N_("lúc bắt đầu phục vụ"),
    "ended_at": N_("lúc kết thúc"),
    "wait_s": N_("thời gian chờ đến lần gọi đầu, giây"),
    "served_s": N_("thời gian phục vụ, giây"),
    "clock_suspect": N_("1: đồng hồ không chắc chắn, không tính vào trung bình"),
    "calls": N_("số lần gọi của lượt gọi gần nhất"),
    "reason": N_("lý do"),
    "day_closed": N_("1: kết thúc vì hết ngày"),
    "late": N_("1: đến muộn, lấy số thường"),
    "booked_at": N_("lúc đặt hẹn"),
    "came_at": N_("lúc người có hẹn đến"),
    "reference": N_("dấu của mã ở hệ thống khác (SHA-256 rút gọn)"),
    "call_seq": N_("số thứ tự của lượt gọi"),
    "ticket": N_("mã của lượt"),
    "repeat": N_("lần mời lại thứ mấy, 0 là lần đầu"),
    "at": N_("thời điểm"),
    "withdrawn": N_("1: lượt gọi đã rút lại"),
    "outcome": N_("kết quả"),
    "seq": N_("số thứ tự sự kiện"),
    "copy": N_("1: bản in lại"),
    "opened_seq": N_("sự kiện mở ngày"),
    "opened_at": N_("lúc mở ngày"),
    "version": N_("phiên bản"),
    "body": N_("nội dung; trống khi đã được giữ kín theo thời hạn lưu"),
    "kind": N_("loại sự kiện"),
    "digest": N_("SHA-256 của nội dung như được ghi"),
    "hash": N_("SHA-256 của mã trước nối với digest: chứng minh không gì bị sửa"),
}
"""What each column says, by its name in the files."""
_HEADING = N_("Dữ liệu của {site}, xuất lúc {at}")
_FORM = N_(
    "Các tệp .csv: UTF-8, dấu phẩy, dòng đầu là tên cột. Các tệp .jsonl: mỗi dòng một đối tượng "
    "JSON. Mọi thời điểm là giờ UTC (RFC 3339); giờ Việt Nam = UTC + 7. Không có mã trên phiếu, "
    "mật khẩu hay khóa."
)
_AS_LINES = frozenset({"events", "centre_versions"})


def export(
    url: str,
    site: str,
    target: Path,
    now: datetime,
    progress: Callable[[int], None] = lambda _rows: None,
) -> dict[str, int]:
    """Write everything into the new folder `target`; return how many rows each file has.

    Raises BackupError; then there is no such folder.
    """
    draft = target.with_name(f"{PARTIAL}{target.name}")
    if target.exists():
        raise BackupError(N_("{folder} đã có; hãy chọn thư mục mới."), folder=target)
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        with closing(OpenRows(url, site)) as rows:
            counted = {name: _write(rows, name, draft, progress) for name in TABLES}
        readme = "\n\n".join(_readme(site, now, counted, Words(lang)) for lang in ("vi", "en"))
        (draft / README_FILE).write_text(readme + "\n", encoding="utf-8")
        draft.rename(target)
        sync_folder(target.parent)
    except StoreError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise BackupError(
            N_("Không sao chép được sổ ghi: {why}. Hãy chạy `denluot verify`."), why=error
        ) from error
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise translated(error, target) from error
    return counted


def file_name(table: str) -> str:
    """Return the name of a table's file."""
    return f"{table}.jsonl" if table in _AS_LINES else f"{table}.csv"


def column_name(column: str) -> str:
    """Return the name under which a column is written: instants are no microseconds there."""
    if column == "at_us":
        return "at"
    return f"{column.removesuffix('_us')}_at" if column.endswith("_us") else column


def _write(rows: OpenRows, name: str, folder: Path, progress: Callable[[int], None]) -> int:
    columns = rows.columns(name)
    names = [column_name(column) for column in columns]
    count = 0
    with (folder / file_name(name)).open("w", encoding="utf-8", newline="") as file:
        writer, as_lines = csv.writer(file), name in _AS_LINES
        if not as_lines:
            writer.writerow(names)
        for row in rows.rows(name):
            values = [_plain(column, value) for column, value in zip(columns, row, strict=True)]
            if as_lines:
                line = msgspec.json.encode(dict(zip(names, values, strict=True)))
                file.write(line.decode() + "\n")
            else:
                writer.writerow(values)
            count += 1
            if count % _TOLD_EVERY == 0:
                progress(_TOLD_EVERY)
        file.flush()
        os.fsync(file.fileno())
    progress(count % _TOLD_EVERY)
    return count


def _plain(column: str, value: Any) -> Any:  # noqa: ANN401 - a column of any type
    if value is None:
        return None
    if column.endswith("_us"):
        at = _EPOCH + timedelta(microseconds=value)
        return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, bool):
        return int(value)
    if column == "body":
        return msgspec.Raw(bytes(value))
    return value.hex() if isinstance(value, bytes) else value


def _readme(site: str, now: datetime, counted: dict[str, int], t: Words) -> str:
    return "\n".join(_readme_lines(site, now, counted, t))


def _readme_lines(site: str, now: datetime, counted: dict[str, int], t: Words) -> Iterator[str]:
    yield t(_HEADING, site=site, at=f"{now:%Y-%m-%d %H:%M}Z")
    yield ""
    yield t(_FORM)
    for name, table in TABLES.items():
        yield ""
        yield f"{file_name(name)}: {t(_FILES[name])} ({counted[name]})"
        for column in table.c:
            written = column_name(column.name)
            if written in COLUMNS and column.name not in LEFT_OUT:
                yield f"  {written:16} {t(COLUMNS[written])}"
