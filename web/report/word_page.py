"""The sheet of a Word file: fonts, language, margins, page numbers."""

from datetime import datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor

from web.report import decree

_FONTS = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")
_THEME_FONTS = ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme")
_LONGEST_PROPERTY = 255
_LANGUAGES = ("w:val", "w:eastAsia", "w:bidi")


def new_document(title: str, author: str, made_at: datetime) -> WordDocument:
    """Return an empty document with one section in the decree's measures."""
    document = Document()
    normal = document.styles["Normal"]
    _speak_vietnamese(document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:rPr')}"))
    _speak_vietnamese(normal.element.get_or_add_rPr())
    normal.font.name = decree.FONT
    normal.font.size = Pt(decree.TEXT_PT)
    normal.font.color.rgb = RGBColor(0, 0, 0)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    _measure(document.sections[0])
    properties = document.core_properties
    properties.title = title[:_LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = author[:_LONGEST_PROPERTY]
    properties.created = properties.modified = made_at
    properties.comments, properties.language = "", decree.LANGUAGE
    return document


def start_annex(document: WordDocument) -> None:
    """Begin a section whose pages have numbers of their own."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _measure(section)
    count = OxmlElement("w:pgNumType")
    count.set(qn("w:start"), "1")
    section._sectPr.find(qn("w:cols")).addprevious(count)  # noqa: SLF001


def number_pages(section: Section) -> None:
    """Show the page number in the top margin, but not on the section's first page."""
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("", "2"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(decree.PAGE_NUMBER_PT)
        run.font.italic = run.font.bold = False
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText" if "PAGE" in text else "w:t")
            mark.text = text
            mark.set(qn("xml:space"), "preserve")
        run._r.append(mark)  # noqa: SLF001


def _measure(section: Section) -> None:
    section.page_width, section.page_height = (Mm(side) for side in decree.PAGE_MM)
    section.top_margin, section.bottom_margin = Mm(decree.TOP_MM), Mm(decree.BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(decree.LEFT_MM), Mm(decree.RIGHT_MM)
    section.header_distance = section.footer_distance = Mm(decree.PAGE_NUMBER_FROM_TOP_MM)
    number_pages(section)


def _speak_vietnamese(holder: BaseOxmlElement) -> None:
    """Name the decree's font for every kind of letter, and the language that is written."""
    fonts = _child(holder, "w:rFonts", first=True)
    for name in _THEME_FONTS:
        fonts.attrib.pop(qn(name), None)
    for name in _FONTS:
        fonts.set(qn(name), decree.FONT)
    language = _child(holder, "w:lang")
    for name in _LANGUAGES:
        language.set(qn(name), decree.LANGUAGE)


def _child(holder: BaseOxmlElement, tag: str, *, first: bool = False) -> BaseOxmlElement:
    found: BaseOxmlElement | None = holder.find(qn(tag))
    if found is None:
        found = OxmlElement(tag)
        holder.insert(0 if first else len(holder), found)
    return found
