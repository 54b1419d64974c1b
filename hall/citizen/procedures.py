"""The procedures as a kiosk shows, prints and reads them: by field, by letter, one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap

from bus.vocabulary import PrinterState
from hall.citizen.browsing import NOWHERE, Browsing, ListPaper, without_chosen
from hall.citizen.offering import HallSnapshot, Offer, Standing, Tile
from hall.citizen.phrases import Phrase
from hall.citizen.session import Page, Session, Sight
from hall.citizen.speech import SiteText, Spoken, number_of, sentences
from hall.procedures import Procedure
from hall.procedures.alphabet import LETTERS, OTHER, letter_of, order_of
from hall.words import N_, Words

_OTHER_ICON = "file-text"
_ASK_COUNTER = N_("Chưa ghi ở đây. Mời quý vị hỏi tại quầy.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTile:
    """A service that has procedures."""

    code: str
    icon: str
    name: str
    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NameTile:
    """A procedure in a list of names."""

    key: str
    name: str
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of what a procedure needs; the first of a part has its icon and heading."""

    icon: str = ""
    heading: str = ""
    text: str
    note: str = ""
    """What belongs to it and is never parted from it: a fee's legal source."""
    item: bool = False
    """Whether it is one of a list."""
    strong: bool = False
    title: bool = False
    """Whether it is the procedure's name."""
    stop: int = -1
    """Which line it is of those that are read out; a long one is several on the screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceduresView:
    """The page of the procedures."""

    step: str = "ways"
    """`ways`, `names` or `one`."""
    icon: str = ""
    heading: str = ""
    count: str = ""
    other: str = ""
    """What leads back to fields and letters."""
    back: str = ""
    """What leads back to the names."""
    fields: tuple[FieldTile, ...] = ()
    letters: tuple[str, ...] = ()
    names: tuple[NameTile, ...] = ()
    row_page: int = 0
    name: str = ""
    lines: tuple[Line, ...] = ()
    example: str = ""
    print_words: str = ""
    can_print: bool = False
    take_words: str = ""
    """Empty where no number can be taken for it."""
    take_note: str = ""
    take_open: bool = True


def procedures_of(known: HallSnapshot) -> tuple[Procedure, ...]:
    """Return what may be shown here: an example in the demonstration alone."""
    centre, document = known.centre, known.procedures
    if centre is None or (document.example and not centre.hours.always_open):
        return ()
    return document.procedures


def settled(browsing: Browsing, known: HallSnapshot, lang: str) -> Browsing:
    """Return where this citizen is, after the list may have become another."""
    every = procedures_of(known)
    if browsing.chosen and all(each.key != browsing.chosen for each in every):
        browsing = without_chosen(browsing)
    if browsing.listing and not _names(every, browsing, lang):
        return NOWHERE
    return browsing


def chosen_procedure(browsing: Browsing, known: HallSnapshot) -> Procedure | None:
    """Return the procedure that is shown."""
    return next((each for each in procedures_of(known) if each.key == browsing.chosen), None)


def procedures_view(
    session: Session, known: HallSnapshot, offer: Offer, printer: PrinterState, t: Words
) -> ProceduresView:
    """Return what the page shows."""
    every, lang = procedures_of(known), session.lang
    browsing = settled(session.browsing, known, lang)
    example = t("Danh mục mẫu để xem thử.") if known.procedures.example and every else ""
    if not browsing.listing:
        return ProceduresView(
            heading=t("Mời quý vị chọn lĩnh vực"),
            fields=tuple(_fields(every, known, t)),
            letters=letters_of(every, lang),
            example=example,
        )
    names = _names(every, browsing, lang)
    tile = _field_tile(browsing.field, known, t)
    view = ProceduresView(
        step="names",
        icon=tile.icon if browsing.field else "search",
        heading=tile.name if browsing.field else t("Chữ {letter}", letter=browsing.letter),
        count=t.plural("{count} thủ tục", len(names)),
        other=t("Lĩnh vực khác") if browsing.field else t("Chữ khác"),
        back=t("Danh sách"),
        names=tuple(
            NameTile(key=each.key, name=each.name(lang), chosen=each.key == browsing.chosen)
            for each in names
        ),
        row_page=browsing.row_page,
        example=example,
    )
    found = chosen_procedure(browsing, known)
    if found is None:
        return view
    words, can_print = _print_words(browsing.paper, printer, t)
    service = offer.tile(found.service)
    return replace(
        view,
        step="one",
        name=found.name(lang),
        lines=tuple(_on_screen(found, session.sight, t)),
        print_words=words,
        can_print=can_print,
        take_words=t.of("button", "Lấy số") if service else "",
        take_note=_take_note(service, session, t) if service else "",
        take_open=bool(service and service.open),
    )


def letters_of(every: Sequence[Procedure], lang: str) -> tuple[str, ...]:
    """Return the letters under which there are names, in their order."""
    found = {letter_of(each.name(lang)) for each in every}
    return tuple(letter for letter in (*LETTERS.upper(), OTHER) if letter in found)


def lines_of(procedure: Procedure, t: Words) -> Iterator[Line]:
    """Yield all that is known of a procedure; the fee is never left out."""
    lang = t.lang
    if procedure.who:
        yield Line(icon="users", heading=t("Ai nộp"), text=procedure.who(lang))
    for at, paper in enumerate(procedure.papers):
        icon, heading = ("", "") if at else ("file-text", t("Giấy tờ cần"))
        yield Line(icon=icon, heading=heading, text=paper(lang), item=True)
    fee = procedure.fee
    if fee:
        date = f"{fee.date:%d/%m/%Y}"
        source = t("Căn cứ: {source}, ngày {date}", source=fee.source(lang), date=date)
        yield Line(
            icon="coins", heading=t("Lệ phí"), text=fee.amount(lang), note=source, strong=True
        )
    else:
        yield Line(icon="coins", heading=t("Lệ phí"), text=t(_ASK_COUNTER))
    if procedure.days:
        yield Line(icon="clock", heading=t("Thời hạn"), text=procedure.days(lang))
    if procedure.online:
        yield Line(icon="monitor", heading=t("Nộp trực tuyến"), text=procedure.online)


_LONGEST_ROW = {(False, False): 300, (True, False): 150, (False, True): 110, (True, True): 55}
"""Letters of a row in usual and large text, in the usual and the low layout: it fits on a page."""


def _on_screen(procedure: Procedure, sight: Sight, t: Words) -> Iterator[Line]:
    """Yield the name and all lines in rows that a page has room for; no word is left out."""
    most = _LONGEST_ROW[sight.large, sight.low]
    for text in wrap(procedure.name(t.lang), most * 2 // 3):
        yield Line(text=text, title=True)
    for stop, line in enumerate(lines_of(procedure, t)):
        if len(line.text) + len(line.note) <= most:
            yield replace(line, stop=stop)
            continue
        first, *rest = wrap(line.text, most)
        yield replace(line, text=first, note="", stop=stop)
        for text in rest:
            yield Line(text=text, strong=line.strong, stop=stop)
        for text in wrap(line.note, most):
            yield Line(text=text, stop=stop)


def parts_of(procedure: Procedure, t: Words) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """Return the same for paper: each part's heading, its lines, and whether they are a list."""
    parts: list[tuple[str, tuple[str, ...], bool]] = []
    for line in lines_of(procedure, t):
        said = (line.text, line.note) if line.note else (line.text,)
        if line.heading:
            parts.append((line.heading, said, line.item))
        else:
            heading, texts, listed = parts[-1]
            parts[-1] = heading, (*texts, *said), listed
    return tuple(parts)


def _names(every: Sequence[Procedure], browsing: Browsing, lang: str) -> list[Procedure]:
    if browsing.field:
        found = [each for each in every if each.service == browsing.field]
    else:
        found = [each for each in every if letter_of(each.name(lang)) == browsing.letter]
    return sorted(found, key=lambda each: order_of(each.name(lang)))


def _fields(every: Sequence[Procedure], known: HallSnapshot, t: Words) -> Iterator[FieldTile]:
    """Yield the services that have procedures, in the centre's order, unknown ones last."""
    codes = [each.service for each in every]
    centre = known.centre
    ours = [service.code for service in centre.services] if centre else []
    for code in [*(code for code in ours if code in codes), *sorted(set(codes) - set(ours))]:
        tile = _field_tile(code, known, t)
        yield replace(tile, count=t.plural("{count} thủ tục", codes.count(code)))


def _field_tile(code: str, known: HallSnapshot, t: Words) -> FieldTile:
    for service in known.centre.services if known.centre else ():
        if service.code == code:
            return FieldTile(code=code, icon=service.icon, name=service.name(t.lang), count="")
    return FieldTile(code=code, icon=_OTHER_ICON, name=t("Việc khác"), count="")


def _print_words(paper: ListPaper, printer: PrinterState, t: Words) -> tuple[str, bool]:
    """Return what the button says, and whether it does anything."""
    match paper:
        case ListPaper.PRINTING:
            return t("Đang in…"), False
        case ListPaper.PRINTED:
            return t("Mời quý vị nhận giấy"), False
        case ListPaper.FAILED:
            return t("Chưa in được, mời hỏi cán bộ"), False
    if not printer.can_print:
        return t("Máy in tạm ngừng."), False
    return t("In giấy cần chuẩn bị"), True


_CLOSED = {
    Standing.PAUSED: N_("Tạm nghỉ"),
    Standing.FULL: N_("Hết số hôm nay"),
    Standing.LAST_TICKET: N_("Hết giờ lấy số"),
    Standing.CLOSED: N_("Chưa mở"),
    Standing.ROLL: N_("Lấy số ở cuộn giấy"),
}


def _take_note(tile: Tile, session: Session, t: Words) -> str:
    parts = [tile.name]
    if tile.standing is Standing.WAITING:
        parts.append(t("{count} người chờ", count=tile.waiting))
    elif tile.standing is Standing.NOBODY:
        parts.append(t("Chưa có người chờ"))
    elif words := _CLOSED.get(tile.standing):
        parts.append(t(words))
    if session.priority:
        parts.append(t("ƯU TIÊN"))
    return " · ".join(parts)


# What is read, and what can be done by keys ------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStop:
    """A stop of the page, as `hall.citizen.stops` takes it."""

    id: str
    says: Spoken
    control: str = ""
    value: str = ""


def read_stops(
    session: Session, known: HallSnapshot, offer: Offer, printer: PrinterState
) -> tuple[str, Spoken, tuple[ReadStop, ...]]:
    """Return which page this is, what it says when it opens, and its stops."""
    t = Words(session.lang)
    view = procedures_view(session, known, offer, printer, t)
    browsing = session.browsing
    page = f"procedures/{browsing.field}/{browsing.letter}/{browsing.chosen}"
    match view.step:
        case "ways":
            intro: Spoken = (Phrase.PROCEDURES,)
            stops = tuple(_ways(view))
        case "names":
            intro = (SiteText(view.heading), *number_of(len(view.names)))
            stops = tuple(_name_stops(view))
        case _:
            intro = (SiteText(view.name),)
            found = chosen_procedure(browsing, known)
            stops = tuple(_one_stops(view, tuple(lines_of(found, t)) if found else ()))
    home = ReadStop(id="toHome", says=(Phrase.TO_FIRST_PAGE,), control="toHome")
    return page, sentences(intro), (*stops, home)


def _ways(view: ProceduresView) -> Iterator[ReadStop]:
    for tile in view.fields:
        yield ReadStop(
            id=f"field-{tile.code}", says=(SiteText(tile.name),), control="field", value=tile.code
        )
    for letter in view.letters:
        yield ReadStop(
            id=f"letter-{letter}", says=(SiteText(letter),), control="letter", value=letter
        )


def _name_stops(view: ProceduresView) -> Iterator[ReadStop]:
    for tile in view.names:
        yield ReadStop(
            id=f"procedure-{tile.key}",
            says=(SiteText(tile.name),),
            control="procedure",
            value=tile.key,
        )
    yield ReadStop(id="otherWays", says=(SiteText(view.other),), control="otherWays")


def _one_stops(view: ProceduresView, lines: Sequence[Line]) -> Iterator[ReadStop]:
    for at, line in enumerate(lines):
        heading: Spoken = (SiteText(line.heading),) if line.heading else ()
        note: Spoken = (SiteText(line.note),) if line.note else ()
        yield ReadStop(id=f"line-{at}", says=sentences(heading, (SiteText(line.text),), note))
    if view.can_print:
        yield ReadStop(id="printList", says=(SiteText(view.print_words),), control="printList")
    else:
        yield ReadStop(id="printList", says=(SiteText(view.print_words),))
    if view.take_words:
        note = sentences((Phrase.TAKE_HERE,), (SiteText(view.take_note.split(" · ")[0]),))
        yield ReadStop(id="takeHere", says=note, control="takeHere")
    yield ReadStop(id="stepBack", says=(SiteText(view.back),), control="stepBack")


def spoken_texts(known: HallSnapshot, langs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield every text of the site that these pages say, with its language, most needed first."""
    fixed = (
        N_("Ai nộp"), N_("Giấy tờ cần"), N_("Lệ phí"), N_("Thời hạn"), N_("Nộp trực tuyến"),
        N_("In giấy cần chuẩn bị"), N_("Đang in…"), N_("Mời quý vị nhận giấy"),
        N_("Chưa in được, mời hỏi cán bộ"), N_("Máy in tạm ngừng."), N_("Lĩnh vực khác"),
        N_("Chữ khác"), N_("Danh sách"), N_("Việc khác"), _ASK_COUNTER,
    )  # fmt: skip
    every = procedures_of(known)
    for lang in langs if every else ():
        t = Words(lang)
        yield from ((lang, t(text)) for text in fixed)
        for letter in letters_of(every, lang):
            yield lang, letter
            yield lang, t("Chữ {letter}", letter=letter)
        yield from ((lang, each.name(lang)) for each in every)
    for lang in langs:
        lines = [line for each in every for line in lines_of(each, Words(lang))]
        yield from ((lang, text) for line in lines for text in (line.text, line.note) if text)


def offers_procedures(known: HallSnapshot) -> bool:
    """Return whether the home screen leads to them."""
    return bool(procedures_of(known))


def on_page(session: Session) -> bool:
    """Return whether this citizen is among them."""
    return session.page is Page.PROCEDURES
