import QtQuick
import QtQuick.Layouts
import ui

// A number to type and call.
RowLayout {
    id: entry

    signal entered(string number)

    function begin(): void {
        input.clear();
        input.forceActiveFocus();
    }

    spacing: Theme.px(10)

    Rectangle {
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.px(56)
        radius: Theme.px(10)
        color: Theme.card
        border.width: Theme.px(2)
        border.color: input.activeFocus ? Theme.sea700 : Theme.line

        TextInput {
            id: input

            objectName: "numberInput"
            anchors.fill: parent
            anchors.margins: Theme.px(10)
            color: Theme.ink
            font.family: Theme.numberFamily
            font.pixelSize: Theme.sp(30)
            font.weight: Font.Bold
            verticalAlignment: TextInput.AlignVCenter
            clip: true
            activeFocusOnTab: true
            validator: RegularExpressionValidator {
                regularExpression: /[0-9A-Za-z]{1,8}/
            }
            Accessible.role: Accessible.EditableText
            Accessible.name: qsTr("Số cần gọi")
            onAccepted: entry.entered(text)
        }
    }
    PressButton {
        objectName: "callNumber"
        Layout.preferredHeight: Theme.px(56)
        look: "primary"
        size: 16
        text: qsTr("Gọi số này")
        available: input.text !== ""
        onClicked: entry.entered(input.text)
    }
}
