import QtQuick
import QtQuick.Layouts
import ui

// What came of a press, in one calm line.
Rectangle {
    id: line

    required property var notice

    visible: notice.text !== ""
    radius: Theme.px(10)
    color: notice.good ? Theme.ok100 : Theme.card
    border.color: notice.good ? Theme.ok : Theme.sea500
    implicitHeight: content.implicitHeight + Theme.px(18)
    Accessible.role: Accessible.AlertMessage
    Accessible.name: notice.text

    RowLayout {
        id: content

        anchors.verticalCenter: parent.verticalCenter
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.margins: Theme.px(12)
        spacing: Theme.px(10)

        Icon {
            name: line.notice.good ? "circle-check" : "info"
            color: line.notice.good ? Theme.ok : Theme.sea700
            size: Theme.px(20)
        }
        Label {
            objectName: "notice"
            Layout.fillWidth: true
            text: line.notice.text
            size: 14
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
        }
    }
}
