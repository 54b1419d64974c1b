import QtQuick
import QtQuick.Layouts
import ui

// A question over any page; nothing beneath can be touched.
Item {
    id: overlay

    default property alias content: column.data
    signal touchedBeside

    Rectangle {
        anchors.fill: parent
        color: Theme.night
        opacity: Theme.contrast ? 0.85 : 0.6
    }

    MouseArea {
        anchors.fill: parent
        onClicked: overlay.touchedBeside()
    }

    Rectangle {
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.px(60)
        anchors.horizontalCenter: parent.horizontalCenter
        border.color: Theme.bright
        border.width: Theme.contrast ? Theme.px(6) : 0
        color: Theme.card
        implicitHeight: column.implicitHeight + Theme.px(88)
        radius: Theme.px(50)
        width: Math.min(parent.width - Theme.px(112), Theme.px(1100))

        ColumnLayout {
            id: column

            anchors.left: parent.left
            anchors.margins: Theme.px(48)
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.px(16)
        }
    }
}
