import QtQuick
import QtQuick.Layouts
import ui

// A button with words and perhaps an icon.
Tappable {
    id: control

    property color ground: Theme.card
    property color edge: Theme.edge
    property color ink: Theme.link
    property string iconName: ""
    property real size: 30

    leftPadding: Theme.px(20)
    rightPadding: Theme.px(20)
    topPadding: Theme.px(14)
    bottomPadding: Theme.px(14)

    background: Rectangle {
        color: control.ground
        radius: Theme.px(30)
        border.width: Theme.px(2)
        border.color: control.edge
    }

    contentItem: Item {
        implicitWidth: row.implicitWidth
        implicitHeight: row.implicitHeight

        RowLayout {
            id: row

            anchors.centerIn: parent
            width: Math.min(implicitWidth, parent.width)
            spacing: Theme.px(16)

            Icon {
                visible: control.iconName !== ""
                name: control.iconName
                color: control.ink
                size: Theme.px(40)
            }

            Label {
                Layout.fillWidth: true
                color: control.ink
                font.weight: Font.DemiBold
                horizontalAlignment: Text.AlignHCenter
                size: control.size
                text: control.text
                wrapMode: Text.WordWrap
            }
        }
    }
}
