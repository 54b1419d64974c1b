"""Confirm the business day after a long pause or a clock that was set: `denluot day`."""

import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from config import CLOCK_VARIABLE, Clock, ConfigError, load_centre
from config.process import STORE_VARIABLE
from hall.words.arguments import CommandParser, words_of
from queue_service.day import confirm_day
from queue_service.domain.day import business_date, is_far
from queue_service.rules_from import rules_from
from wait_log.dialects import store_url
from wait_log.errors import StoreError
from wait_log.reader import open_reader


def main(argv: Sequence[str] | None = None) -> int:
    """Show the last day and today; with `--confirm`, let the service open today."""
    t = words_of(os.environ)
    parser = CommandParser(
        "denluot day",
        t(
            "Xem ngày làm việc gần nhất và hôm nay theo đồng hồ máy này; sau nhiều ngày nghỉ hoặc "
            "khi đồng hồ vừa được chỉnh, xác nhận hôm nay để dịch vụ mở ngày."
        ),
        t,
    )
    add = parser.add_argument
    add("--config", type=Path, metavar="FILE", help=t("cấu hình trung tâm (centre.toml)"))
    add("--data", type=Path, metavar="DIR", default=Path("var"), help=t("thư mục dữ liệu (var/)"))
    add("--store", metavar="URL", help=t("kho dữ liệu, nếu không nằm trong DIR"))
    add("--confirm", action="store_true", help=t("đúng, đồng hồ chạy đúng: mở hôm nay"))
    arguments = parser.parse_args(sys.argv[1:] if argv is None else argv)
    try:
        centre = load_centre(arguments.config)
        rules = rules_from(centre)
        now = Clock.parse(os.environ.get(CLOCK_VARIABLE)).now()
        url = store_url(arguments.data, arguments.store or os.environ.get(STORE_VARIABLE))
        last = open_reader(url, centre.identity.site).latest_day()
    except (ConfigError, StoreError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    today = business_date(rules, now)
    say = sys.stdout.write
    say(t("ngày làm việc gần nhất: {day}", day=last or t("chưa có")) + "\n")
    say(t("hôm nay theo đồng hồ máy này: {day}", day=today) + "\n")
    if last and today <= date.fromisoformat(last):
        say(t("không cần xác nhận: ngày này đã mở") + "\n")
    elif arguments.confirm:
        confirm_day(arguments.data, today)
        say(t("đã xác nhận: dịch vụ mở ngày {day} trong vòng một phút", day=today) + "\n")
    elif last and is_far(rules, date.fromisoformat(last), today):
        say(t("nếu đồng hồ đúng, chạy lại lệnh này với --confirm") + "\n")
    else:
        say(t("không cần xác nhận: dịch vụ tự mở ngày") + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
