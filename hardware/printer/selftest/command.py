"""`denluot printer test`: print a page, learn what the printer says, keep it for the kiosk."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from bus.vocabulary import PrinterState
from config import ConfigError, load_device
from config.settings import Printer, SimulatedPrinter
from hall.words import N_, Words
from hall.words.arguments import CommandParser, words_of
from hardware.printer.capability import Capability, CapabilityFile, Level, Proof
from hardware.printer.choosing import ChosenPrinter
from hardware.printer.opening import RealPrinter, address_of, bytes_per_s_of, line_of
from hardware.printer.port import PrinterBusy, PrinterError, PrinterTimeout
from hardware.printer.selftest.learning import Learnt, SelfTest, Step
from paper.blocks import Face, QrCode
from paper.encode import encode
from paper.lettering import fit_line, font

_WHITE, _BLACK = 255, 0
_DOTS_PER_MM = 8
_TICK, _TALL_TICK = 12, 28
_LONG_EVERY_MM = 10
_MARGIN = 16
_TITLE, _TEXT, _NUMBER = 44, 26, 150
_LETTERS = (
    "Ă Â Đ Ê Ô Ơ Ư  ă â đ ê ô ơ ư",
    "À Ả Ã Á Ạ  Ằ Ẳ Ẵ Ắ Ặ  Ầ Ẩ Ẫ Ấ Ậ",
    "ề ể ễ ế ệ  ồ ổ ỗ ố ộ  ờ ở ỡ ớ ợ",
    "ừ ử ữ ứ ự  ì ỉ ĩ í ị  ỳ ỷ ỹ ý ỵ",
)
_QR_DOTS = 6


def test_page(dots: int, title: str, lines: Iterable[str], code: str) -> bytes:
    """Return the print job of the page for `dots` in a row: `lines` say what was set up."""
    sheet, gap = _sheet(dots, title, tuple(lines)), _blank(dots)
    return encode((sheet, gap, QrCode(code, _QR_DOTS), gap))


def _sheet(dots: int, title: str, lines: tuple[str, ...]) -> Image.Image:
    texts = [(title, Face.BOLD, _TITLE), *((line, Face.REGULAR, _TEXT) for line in lines)]
    texts += [(letters, Face.REGULAR, _TEXT) for letters in _LETTERS]
    texts.append(("2005", Face.NUMBER, _NUMBER))
    height = 3 * _MARGIN + 2 * _TALL_TICK + sum(_height(size) for _, _, size in texts)
    image = Image.new("L", (dots, height), _WHITE)
    draw = ImageDraw.Draw(image)
    y = _ruler(draw, dots)
    for text, face, size in texts:
        cut = fit_line(text, face, size, dots - 2 * _MARGIN)
        draw.text((dots / 2, y + _height(size) / 2), text, font=cut, fill=_BLACK, anchor="mm")
        y += _height(size)
    draw.rectangle((0, _MARGIN // 2, dots - 1, height - 1), outline=_BLACK)
    return image.convert("1", dither=Image.Dither.NONE)


def _height(size: int) -> int:
    return size * 4 // 3


def _ruler(draw: ImageDraw.ImageDraw, dots: int) -> int:
    """Draw millimetres from edge to edge; return where the text may begin."""
    top = _MARGIN
    for mm in range(dots // _DOTS_PER_MM + 1):
        tall = mm % _LONG_EVERY_MM == 0
        x = min(mm * _DOTS_PER_MM, dots - 1)
        draw.line((x, top, x, top + (_TALL_TICK if tall else _TICK)), fill=_BLACK)
        if tall and 0 < mm < dots // _DOTS_PER_MM - 2:
            cut = font(Face.REGULAR, _TEXT - 6)
            draw.text((x, top + _TALL_TICK + 2), str(mm), font=cut, fill=_BLACK, anchor="ma")
    return top + 2 * _TALL_TICK + _MARGIN // 2


def _blank(dots: int) -> Image.Image:
    return Image.new("1", (dots, 2 * _MARGIN), _WHITE)


Say = Callable[[str], None]
_PROGRAM = "denluot printer test"
_STEPS = {
    Step.STATUS: N_("Hỏi tình trạng"),
    Step.REPORTS: N_("Xem máy có tự báo không"),
    Step.CLEARING: N_("Xem máy có xóa được phiếu kẹt không"),
    Step.PRINTING: N_("In trang thử"),
    Step.PROCESS_ID: N_("Chờ xác nhận theo mã phiếu"),
    Step.IN_TURN: N_("Chờ xác nhận theo lượt"),
}
_STATES = {
    PrinterState.READY: N_("sẵn sàng, còn giấy"),
    PrinterState.PAPER_LOW: N_("sắp hết giấy"),
    PrinterState.TICKET_PRESENT: N_("còn phiếu ở khe"),
    PrinterState.PAPER_OUT: N_("hết giấy; thay cuộn mới rồi thử lại"),
    PrinterState.COVER_OPEN: N_("nắp đang mở; đóng nắp rồi thử lại"),
    PrinterState.CUTTER_ERROR: N_("dao cắt bị kẹt; gỡ giấy kẹt rồi thử lại"),
    PrinterState.OVERHEATED: N_("quá nóng; chờ nguội rồi thử lại"),
    PrinterState.FAULT: N_("máy báo lỗi; tắt, bật lại rồi thử lại"),
    PrinterState.OFFLINE: N_("đang tạm dừng; xem nút và đèn trên máy"),
    PrinterState.WRONG_BAUD: N_(
        "trả lời không đọc được; đặt baud trong device.toml đúng tốc độ của máy rồi thử lại. "
        "Nếu phiếu vẫn in đúng: thêm --ignore-answers"
    ),
    PrinterState.UNKNOWN: N_("máy không cho biết"),
}
_LEVELS = {
    Level.FULL: N_("đầy đủ"),
    Level.BASIC: N_("cơ bản"),
    Level.NONE: N_("không; hãy xem giấy hằng ngày"),
    Level.UNKNOWN: N_("chưa rõ"),
}
_PROOFS = {
    Proof.PROCESS_ID: N_("theo mã từng phiếu (tốt nhất)"),
    Proof.IN_TURN: N_("theo lượt"),
    Proof.STATUS: N_("gián tiếp, qua tình trạng sau khi in"),
    Proof.NONE: N_("không; phiếu in xong vẫn ghi là chưa rõ"),
}


def command(argv: Sequence[str], environment: Mapping[str, str]) -> int:
    """Test the printers that `argv` asks for; return 0, 1 for a printer in trouble, or 2."""
    t = words_of(environment)
    options = _parser(t).parse_args(argv)
    t = Words(options.lang) if options.lang else t
    running = options.data / "run" / "device.toml"
    try:
        box = load_device(options.device or (running if running.exists() else None)).kiosk
        used = ChosenPrinter(options.data, box.device, box.printers).printers()
        printers = _chosen(used, options.printer, t)
    except ConfigError as error:
        sys.stderr.write(f"{_PROGRAM}: {error}\n")
        return 2
    bench = Bench(options.data, box.device, t, _say, asks=not options.ignore_answers)
    failed = [printer for printer in printers if not bench.test(printer)]
    return 1 if failed else 0


class Bench:
    """Tests the printers of one box, and says what it does."""

    def __init__(self, data: Path, device: str, t: Words, say: Say, *, asks: bool) -> None:
        """Unless it `asks`, take it that what the printers answer means nothing."""
        self._data = data
        self._device = device
        self._t = t
        self._say = say
        self._asks = asks

    def test(self, choice: Printer) -> bool:
        """Return whether the printer was tested to the end."""
        t = self._t
        if isinstance(choice, SimulatedPrinter):
            simulated = t(
                "giả lập, không có gì để thử; phiếu ở {path}. Muốn thử với máy in biết trả lời: "
                "denluot simulate-device printer",
                path=self._data / "paper" / self._device,
            )
            self._say(f"{choice.name}: {simulated}")
            return True
        self._say(t("Máy in {name} ({address})", name=choice.name, address=address_of(choice)))
        try:
            learnt = self._learn(choice)
        except PrinterBusy:
            self._say(
                t(
                    "Máy in đang được chương trình khác dùng (thường là máy lấy số đang chạy). Hãy "
                    "dừng máy lấy số rồi thử lại."
                )
            )
        except PrinterTimeout:
            self._say(
                t(
                    "Máy in không nhận dữ liệu. Kiểm tra máy đã bật, có giấy, và flow_control "
                    "trong device.toml hợp với dây."
                )
            )
        except PrinterError as error:
            self._say(
                t(
                    "Không kết nối được: {reason}. Kiểm tra nguồn, dây và mục printers của "
                    "device.toml.",
                    reason=error,
                )
            )
        else:
            return self._keep(choice, learnt)
        return False

    def _learn(self, choice: RealPrinter) -> Learnt:
        page = self._page(choice)
        speed = bytes_per_s_of(choice)
        line = line_of(choice)()
        try:
            test = SelfTest(
                line,
                patience_s=choice.timeout_s + (len(page) / speed if speed else 0),
                has_speed=speed is not None,
                on_step=self._on_step,
                answer_s=min(1.0, choice.timeout_s),
            )
            return test.run(page) if self._asks else test.only_print(page)
        finally:
            line.close()

    def _page(self, choice: RealPrinter) -> bytes:
        address = address_of(choice)
        lines = (f"{self._device} · {choice.name}", address, f"{choice.dots} dots")
        code = f"denluot {self._device} {choice.name} {address}"
        t = self._t
        title = "ĐẾN LƯỢT · " + t("IN THỬ")
        return test_page(choice.dots, title, lines, code)

    def _on_step(self, step: Step, seconds: float) -> None:
        t = self._t
        what = t(
            "{what} (lâu nhất {seconds} giây)…", what=t(_STEPS[step]), seconds=f"{seconds:.0f}"
        )
        self._say(f"  {what}")

    def _keep(self, choice: RealPrinter, learnt: Learnt) -> bool:
        t = self._t
        condition = t.of("printer", "Tình trạng")
        self._say(f"  {condition}: {t(_STATES[learnt.state])}")
        if learnt.capability is None:
            return False
        for line in found_lines(learnt.capability, t):
            self._say(line)
        self._say(
            t(
                "Xem phiếu: thước có chạm hai mép giấy, chữ có đủ dấu, mã QR có quét được, giấy có "
                "được cắt không?"
            )
        )
        file = CapabilityFile(self._data, self._device, choice.name)
        try:
            file.write(learnt.capability)
        except OSError as error:
            self._say(t("Không ghi được {path}: {reason}", path=file.path, reason=error.strerror))
            return False
        self._say(
            t(
                "Đã ghi vào {path}. Máy lấy số dùng kết quả này từ lần khởi động sau.",
                path=file.path,
            )
        )
        return True


def found_lines(found: Capability, t: Words) -> list[str]:
    """Return what the printer can say."""
    yes, no = t("có"), t("không")
    facts = {
        t("Khả năng báo"): t(_LEVELS[found.level]),
        t("Xác nhận đã in"): t(_PROOFS[found.proof]),
        t("Tự báo khi đổi"): yes if found.automatic else no,
        t("Xóa phiếu kẹt"): yes if found.clears else no,
        t("Biết phiếu còn ở khe"): yes if found.module else no,
    }
    return [f"  {what}: {answer}" for what, answer in facts.items()]


def _chosen(used: Sequence[Printer], name: str, t: Words) -> list[Printer]:
    chosen = [printer for printer in used if name in ("", printer.name)]
    if not chosen:
        there = ", ".join(printer.name for printer in used)
        raise ConfigError(t("không có máy in {name!r}; có: {there}", name=name, there=there))
    return chosen


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _parser(t: Words) -> CommandParser:
    parser = CommandParser(
        _PROGRAM,
        t(
            "In một trang để xem bằng mắt, và học cách máy in cho biết tình trạng của nó và việc "
            "phiếu đã in xong. Hãy dừng máy lấy số trước: mỗi lúc chỉ một chương trình dùng được "
            "máy in."
        ),
        t,
    )
    add = parser.add_argument
    add("--device", type=Path, metavar="FILE", help=t("thiết bị của máy này (device.toml)"))
    add("--data", type=Path, metavar="DIR", default=Path("var"), help=t("thư mục dữ liệu (var/)"))
    add("--printer", default="", metavar="NAME", help=t("một trong nhiều máy in"))
    add(
        "--ignore-answers",
        action="store_true",
        help=t("máy in tốt nhưng trả lời lung tung: từ nay không hỏi nó gì nữa"),
    )
    add("--lang", choices=["vi", "en"], help=t("ngôn ngữ của kết quả (theo máy)"))
    return parser
