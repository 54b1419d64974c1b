import QtQuick
import QtQuick.Layouts
import ui

// What staff should know or do, with its one action.
Rectangle {
    id: strip

    required property var alarm
    signal pressed

    visible: alarm.text !== ""
    radius: Theme.px(10)
    color: alarm.rings ? Theme.phuong100 : Theme.gold100
    border.width: alarm.rings ? Theme.px(2) : 1
    border.color: alarm.rings ? Theme.phuong : Theme.gold
    implicitHeight: Math.max(Theme.px(44), line.implicitHeight + Theme.px(12))
    Accessible.role: Accessible.AlertMessage
    Accessible.name: alarm.text

    RowLayout {
        id: line

        anchors.fill: parent
        anchors.leftMargin: Theme.px(12)
        anchors.rightMargin: Theme.px(7)
        spacing: Theme.px(8)

        Icon {
            name: strip.alarm.rings ? "hand-helping" : "triangle-alert"
            color: strip.alarm.rings ? Theme.phuongDark : Theme.ink
            size: Theme.px(20)
        }
        Label {
            objectName: "alarmText"
            Layout.fillWidth: true
            text: strip.alarm.text
            size: 13.5
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
        }
        PressButton {
            objectName: "alarmAction"
            Layout.preferredHeight: Theme.px(32)
            visible: strip.alarm.choice.text !== ""
            radius: 8
            look: "primary"
            text: strip.alarm.choice.text
            available: strip.alarm.choice.enabled
            onClicked: strip.pressed()
        }
    }
}
