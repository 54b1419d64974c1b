import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ui

// The day's figures, the way back, and how the devices are.
Rectangle {
    id: footer

    required property var footer
    signal undoPressed

    color: Theme.card
    implicitHeight: Math.max(Theme.px(35), line.implicitHeight + Theme.px(10))

    Rectangle {
        width: parent.width
        height: 1
        color: Theme.line
    }
    RowLayout {
        id: line

        anchors.fill: parent
        anchors.leftMargin: Theme.px(20)
        anchors.rightMargin: Theme.px(20)
        spacing: Theme.px(10)

        Flow {
            Layout.fillWidth: true

            Label {
                objectName: "figures"
                text: footer.footer.figures + " · "
                size: 13
                color: Theme.ink2
            }
            T.AbstractButton {
                id: undo

                objectName: "undo"
                enabled: footer.footer.undo.enabled
                opacity: enabled ? 1 : 0.7
                focusPolicy: Qt.StrongFocus
                implicitWidth: word.implicitWidth
                implicitHeight: word.implicitHeight
                text: footer.footer.undo.text
                Accessible.role: Accessible.Button
                Accessible.name: text
                Accessible.onPressAction: undo.click()
                onClicked: footer.undoPressed()

                background: Rectangle {
                    color: undo.visualFocus ? Theme.sea100 : "transparent"
                }
                contentItem: Label {
                    id: word

                    text: undo.text
                    size: 13
                    color: undo.enabled ? Theme.sea700 : Theme.ink2
                    font.weight: undo.enabled ? Font.DemiBold : Font.Normal
                    font.underline: undo.hovered
                }
            }
        }
        Label {
            objectName: "health"
            Layout.maximumWidth: footer.width / 2
            text: footer.footer.health.text
            size: 13
            color: footer.footer.health.good ? Theme.ok : Theme.ink
            font.weight: Font.Bold
            horizontalAlignment: Text.AlignRight
            wrapMode: Text.Wrap
        }
    }
}
