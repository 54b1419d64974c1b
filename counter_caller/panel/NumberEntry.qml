import QtQuick
import QtQuick.Layouts
import ui

// A number to type: to call it, with the time of its paper to take it in again, or a code to find.
RowLayout {
    id: entry

    property bool asksTime: false
    property bool asksCode: false
    signal entered(string number)
    signal paperEntered(string number, string time)
    signal codeEntered(string code)

    function begin(): void {
        number.input.clear();
        time.input.clear();
        number.input.forceActiveFocus();
    }
    function finish(): void {
        if (asksTime)
            paperEntered(number.input.text, time.input.text);
        else if (asksCode)
            codeEntered(number.input.text);
        else
            entered(number.input.text);
    }

    spacing: Theme.px(10)

    EntryField {
        id: number

        Layout.fillWidth: true
        Layout.preferredWidth: Theme.px(150)
        objectName: "numberField"
        inputName: "numberInput"
        label: entry.asksTime ? qsTr("Số") : ""
        spoken: entry.asksCode ? qsTr("Mã hẹn") : entry.asksTime ? qsTr("Số trên phiếu") : qsTr("Số cần gọi")
        allowed: entry.asksCode ? /[0-9A-Za-z .-]{1,16}/ : /[0-9A-Za-z]{1,8}/
        onAccepted: entry.asksTime ? time.input.forceActiveFocus() : entry.finish()
    }
    EntryField {
        id: time

        Layout.fillWidth: true
        Layout.preferredWidth: Theme.px(150)
        objectName: "timeField"
        inputName: "timeInput"
        visible: entry.asksTime
        label: qsTr("Lấy số lúc")
        spoken: qsTr("Lấy số lúc")
        placeholder: "08:15"
        allowed: /[0-9]{1,2}[:hH.]?[0-9]{0,2}/
        onAccepted: entry.finish()
    }
    PressButton {
        objectName: "callNumber"
        Layout.preferredHeight: Theme.px(56)
        Layout.alignment: Qt.AlignBottom
        look: "primary"
        size: 16
        text: entry.asksCode ? qsTr("Tìm") : entry.asksTime ? qsTr("Nhận lại") : qsTr("Gọi số này")
        available: number.input.text !== "" && (!entry.asksTime || time.input.text !== "")
        onClicked: entry.finish()
    }
}
