from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from ui.application import Application


def test_texts_of_screens_come_from_the_catalogue(qapp: QGuiApplication) -> None:
    assert qapp
    application = Application("test", {})
    application.speak("en")
    assert QCoreApplication.translate("TicketPage", "Chưa có người chờ") == "No one is waiting"
    assert QCoreApplication.translate("TicketPage", "không có trong danh mục") == (
        "không có trong danh mục"
    )
    application.speak("vi")
    assert QCoreApplication.translate("TicketPage", "Chưa có người chờ") == "Chưa có người chờ"
    application.close()
