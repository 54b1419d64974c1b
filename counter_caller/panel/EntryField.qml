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
    property bool figures: true
    readonly property int letters: figures ? 30 : 16
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
            size: field.figures ? 24 : 14
            color: Theme.ink2
            verticalAlignment: Text.AlignVCenter
        }
        TextInput {
            id: input

            objectName: field.inputName
            anchors.fill: parent
            anchors.margins: Theme.px(10)
            color: Theme.ink
            font.family: field.figures ? Theme.numberFamily : Theme.textFamily
            font.pixelSize: Theme.sp(field.letters)
            font.weight: field.figures ? Font.Bold : Font.Medium
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
