import QtQuick
import QtQuick.Layouts
import ui

// The day's figures, and how the devices are.
Rectangle {
    id: footer

    required property var footer
    required property bool tight

    color: Theme.card
    implicitHeight: Math.max(Theme.px(tight ? 27 : 35), line.implicitHeight + Theme.px(8))

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

        Label {
            objectName: "figures"
            Layout.fillWidth: true
            text: footer.footer.figures
            size: 13
            color: Theme.ink2
            wrapMode: Text.Wrap
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
