"""No text makes a ticket heavier than its line should carry."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bus.vocabulary import Language, TicketClass
from paper import Ticket, encode_layout, sample_ticket
from paper.layout import NAMES, built_in_layouts
from paper.preview import command
from paper.reading import Code, read_job

BUDGETS = {576: 14_000, 512: 12_500, 384: 9_000}
ADDRESS = "https://so.haiphong.gov.vn/t/7KQ2M9XW4TCBRN5JH8DYPA"
LONG = "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất của hộ gia đình"
BLACKEST = "Ệ" * 300
TEXTS = st.one_of(
    st.sampled_from([LONG, LONG * 3, BLACKEST, "M" * 300, "ƯỞỮ " * 70, "@%&" * 90, "a"]),
    st.text(alphabet="aăâđêôơưỆỮỰỔỘỜẰẪẨ MW@%#8,.;", min_size=1, max_size=300),
)


def laden(texts: list[str], count: int, lang: Language = Language.VIETNAMESE) -> Ticket:
    """Return a ticket that says everything it can, in these texts."""
    service, centre, place, paper, line, hotline = texts
    return replace(
        sample_ticket(),
        number="W" * 12,
        service=service,
        ticket_class=TicketClass.APPOINTMENT,
        lang=lang,
        ahead=10**6,
        wait_min=(10**4, 10**5),
        centre=centre,
        place=place,
        papers=(paper,) * count,
        footer=(line,) * count,
        hotline=hotline,
        qr=ADDRESS,
        copy=True,
        offline=True,
    )


@pytest.mark.full
@settings(max_examples=10, deadline=None)
@example([BLACKEST] * 6, 20, 576, Language.VIETNAMESE, "standard")
@example([BLACKEST] * 6, 20, 384, Language.VIETNAMESE, "standard")
@example([LONG] * 6, 6, 576, Language.ENGLISH, "large")
@given(
    st.lists(TEXTS, min_size=6, max_size=6),
    st.integers(0, 20),
    st.sampled_from([576, 512, 384]),
    st.sampled_from(Language),
    st.sampled_from(NAMES),
)
def test_the_longest_texts_keep_to_the_bytes(
    texts: list[str], count: int, dots: int, lang: Language, name: str
) -> None:
    layout = getattr(built_in_layouts(), name)
    encoded = encode_layout(laden(texts, count, lang), dots, layout)
    assert len(encoded.job) <= layout.budget(dots)
    assert any(isinstance(action, Code) for action in read_job(encoded.job))


def test_the_ticket_of_every_day_has_the_budget_of_the_line() -> None:
    assert built_in_layouts().standard.most_bytes == BUDGETS


@pytest.mark.parametrize("dots", BUDGETS)
def test_what_fits_gives_up_nothing(dots: int) -> None:
    ticket = replace(sample_ticket(), qr=ADDRESS)
    assert encode_layout(ticket, dots, built_in_layouts().standard).given_up == ()


def test_type_grows_smaller_before_anything_is_left_out() -> None:
    ticket = replace(laden([LONG] * 6, 2), offline=False, copy=False)
    given_up = encode_layout(ticket, 576, built_in_layouts().standard).given_up
    assert given_up[0] == "service in smaller type"
    assert "no papers" not in given_up


def test_the_preview_says_what_a_ticket_gives_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    centre = tmp_path / "centre.toml"
    text = (Path("config") / "centres" / "nhi-chieu.toml").read_text()
    centre.write_text(text.replace('vi = "Nếu lỡ lượt', f'vi = "{LONG}. Nếu lỡ lượt'))
    layout = tmp_path / "mine.toml"
    built_in = Path("paper", "layouts", "standard.toml").read_text()
    layout.write_text(f"most_bytes = {{ 384 = 6500 }}\n{built_in}")
    target = ["--out", str(tmp_path / "ticket.png")]
    assert (
        command(["--config", str(centre), "--dots", "384", "--layout", str(layout), *target]) == 0
    )
    said = capsys.readouterr().out
    assert "its texts are long; to stay below 6500 bytes: " in said
    assert "footer on 2 lines at most" in said
