import QtQuick
import QtQuick.Layouts
import ui

// One large field to type into, with its name above where there is one.
ColumnLayout {
    id: field

    property alias input: input
    property string inputName: ""
    property string label: ""
    property string spoken: ""
    property string placeholder: ""
    property var allowed: /.*/
    signal accepted

    spacing: Theme.px(4)

    Label {
        visible: text !== ""
        text: field.label
        size: 13
        color: Theme.ink2
    }
    Rectangle {
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.px(56)
        radius: Theme.px(10)
        color: Theme.card
        border.width: Theme.px(2)
        border.color: input.activeFocus ? Theme.sea700 : Theme.line

        Label {
            anchors.fill: parent
            anchors.margins: Theme.px(10)
            visible: input.text === ""
            text: field.placeholder
            size: 24
            color: Theme.ink2
            verticalAlignment: Text.AlignVCenter
        }
        TextInput {
            id: input

            objectName: field.inputName
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
                regularExpression: field.allowed
            }
            Accessible.role: Accessible.EditableText
            Accessible.name: field.spoken
            onAccepted: field.accepted()
        }
    }
}
