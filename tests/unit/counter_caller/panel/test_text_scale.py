import pytest
from PySide6.QtGui import QGuiApplication

from counter_caller.panel.text_scale import bounded, text_scale


@pytest.mark.parametrize(("wanted", "given"), [(0.5, 1.0), (1.0, 1.0), (1.4, 1.4), (3.0, 1.75)])
def test_text_grows_only_as_far_as_the_window_can(wanted: float, given: float) -> None:
    assert bounded(wanted) == given


def test_the_screen_is_asked(qapp: QGuiApplication) -> None:
    assert text_scale(qapp.primaryScreen()) == 1.0
