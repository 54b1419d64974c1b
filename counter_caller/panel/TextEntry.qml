import QtQuick
import QtQuick.Layouts
import ui

// A short message to type.
RowLayout {
    id: entry

    signal entered(string text)

    function begin(): void {
        field.input.clear();
        field.input.forceActiveFocus();
    }

    spacing: Theme.px(10)

    EntryField {
        id: field

        Layout.fillWidth: true
        objectName: "textField"
        inputName: "textInput"
        figures: false
        spoken: qsTr("Tin nhắn cho quản lý")
        placeholder: qsTr("Nhắn quản lý, đến 120 chữ")
        allowed: /.{0,120}/
        onAccepted: entry.entered(input.text)
    }
    PressButton {
        objectName: "sendText"
        Layout.preferredHeight: Theme.px(56)
        look: "primary"
        size: 16
        text: qsTr("Gửi")
        available: field.input.text.trim() !== ""
        onClicked: entry.entered(field.input.text)
    }
}
