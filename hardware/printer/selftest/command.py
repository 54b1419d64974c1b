"""`denluot printer test`: print a page, learn what the printer says, keep it for the kiosk."""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from config import ConfigError, load_device
from config.language import in_english
from config.settings import KioskBox, Printer, SimulatedPrinter
from hardware.printer.capability import CapabilityFile
from hardware.printer.opening import RealPrinter, address_of, bytes_per_s_of, line_of
from hardware.printer.port import PrinterBusy, PrinterError, PrinterTimeout
from hardware.printer.selftest import texts
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


def command(argv: Sequence[str], environment: Mapping[str, str]) -> int:
    """Test the printers that `argv` asks for; return 0, 1 for a printer in trouble, or 2."""
    options = _parser().parse_args(argv)
    lang = options.lang or ("en" if in_english(environment) else "vi")
    running = options.data / "run" / "device.toml"
    try:
        box = load_device(options.device or (running if running.exists() else None)).kiosk
        printers = _chosen(box, options.printer, lang)
    except ConfigError as error:
        sys.stderr.write(f"{_PROGRAM}: {error}\n")
        return 2
    bench = Bench(options.data, box.device, lang, _say, asks=not options.ignore_answers)
    failed = [printer for printer in printers if not bench.test(printer)]
    return 1 if failed else 0


class Bench:
    """Tests the printers of one box, and says what it does."""

    def __init__(self, data: Path, device: str, lang: str, say: Say, *, asks: bool) -> None:
        """Unless it `asks`, take it that what the printers answer means nothing."""
        self._data = data
        self._device = device
        self._lang = lang
        self._say = say
        self._asks = asks

    def test(self, choice: Printer) -> bool:
        """Return whether the printer was tested to the end."""
        lang = self._lang
        if isinstance(choice, SimulatedPrinter):
            path = self._data / "paper" / self._device
            self._say(f"{choice.name}: {texts.SIMULATED(lang).format(path=path)}")
            return True
        self._say(texts.TESTING(lang).format(name=choice.name, address=address_of(choice)))
        try:
            learnt = self._learn(choice)
        except PrinterBusy:
            self._say(texts.BUSY(lang))
        except PrinterTimeout:
            self._say(texts.STUCK(lang))
        except PrinterError as error:
            self._say(texts.GONE(lang).format(reason=error))
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
        return test_page(choice.dots, f"ĐẾN LƯỢT · {texts.TITLE(self._lang)}", lines, code)

    def _on_step(self, step: Step, seconds: float) -> None:
        what = texts.STEPS[step](self._lang)
        self._say("  " + texts.UP_TO(self._lang).format(what=what, seconds=f"{seconds:.0f}"))

    def _keep(self, choice: RealPrinter, learnt: Learnt) -> bool:
        self._say(texts.state_line(learnt.state, self._lang))
        if learnt.capability is None:
            return False
        for line in texts.found_lines(learnt.capability, self._lang):
            self._say(line)
        self._say(texts.LOOK(self._lang))
        file = CapabilityFile(self._data, self._device, choice.name)
        try:
            file.write(learnt.capability)
        except OSError as error:
            self._say(texts.NOT_KEPT(self._lang).format(path=file.path, reason=error.strerror))
            return False
        self._say(texts.KEPT(self._lang).format(path=file.path))
        return True


def _chosen(box: KioskBox, name: str, lang: str) -> list[Printer]:
    chosen = [printer for printer in box.printers if name in ("", printer.name)]
    if not chosen:
        there = ", ".join(printer.name for printer in box.printers)
        raise ConfigError(texts.NO_SUCH(lang).format(name=name, there=there))
    return chosen


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=_PROGRAM,
        description="Print a page to look at, and learn how the printer says how it is and that a "
        "ticket was printed. Stop the kiosk first: a printer has one master.",
    )
    parser.add_argument("--device", type=Path, help="what this box has (device.toml)")
    parser.add_argument("--data", type=Path, default=Path("var"), help="the centre's files (var/)")
    parser.add_argument("--printer", default="", metavar="NAME", help="one of several printers")
    parser.add_argument(
        "--ignore-answers",
        action="store_true",
        help="for a printer that prints well and answers nonsense: ask it nothing from now on",
    )
    parser.add_argument("--lang", choices=["vi", "en"], help="vi, or the locale's language")
    return parser
