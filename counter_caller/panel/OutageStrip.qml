import QtQuick
import QtQuick.Layouts
import ui

// That trouble of somebody else's system is being recorded, since when, and the end of it.
Rectangle {
    id: strip

    required property var outage
    signal ended

    visible: outage.recording !== ""
    color: Theme.gold
    implicitHeight: Math.max(Theme.px(40), line.implicitHeight + Theme.px(8))
    Accessible.role: Accessible.StaticText
    Accessible.name: outage.recording

    RowLayout {
        id: line

        anchors.fill: parent
        anchors.leftMargin: Theme.px(20)
        anchors.rightMargin: Theme.px(14)
        spacing: Theme.px(10)

        Icon {
            name: "clock"
            color: Theme.ink
            size: Theme.px(18)
        }
        Label {
            objectName: "recording"
            Layout.fillWidth: true
            text: strip.outage.recording
            size: 13.5
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
        }
        PressButton {
            objectName: "endOutage"
            Layout.preferredHeight: Theme.px(30)
            radius: 8
            text: strip.outage.end.text
            available: strip.outage.end.enabled
            onClicked: strip.ended()
        }
    }
}
