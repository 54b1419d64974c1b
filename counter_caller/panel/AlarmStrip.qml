import QtQuick
import QtQuick.Layouts
import ui

// What staff should know or do, with its one action.
Rectangle {
    id: strip

    required property var alarm
    property bool tight: false
    signal pressed
    signal othersPressed

    readonly property bool urgent: alarm.rings !== ""

    visible: alarm.text !== ""
    radius: Theme.px(10)
    color: urgent ? Theme.phuong100 : Theme.gold100
    border.width: urgent ? Theme.px(2) : 1
    border.color: urgent ? Theme.phuong : Theme.gold
    implicitHeight: Math.max(Theme.px(tight ? 40 : 44), line.implicitHeight + Theme.px(tight ? 4 : 12))
    Accessible.role: Accessible.AlertMessage
    Accessible.name: alarm.text

    RowLayout {
        id: line

        anchors.fill: parent
        anchors.leftMargin: Theme.px(12)
        anchors.rightMargin: Theme.px(7)
        spacing: Theme.px(8)

        Icon {
            name: strip.urgent ? "hand-helping" : "triangle-alert"
            color: strip.urgent ? Theme.phuongDark : Theme.ink
            size: Theme.px(20)
        }
        Label {
            objectName: "alarmText"
            Layout.fillWidth: true
            text: strip.alarm.text
            size: strip.tight ? 13 : 13.5
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
        }
        PressButton {
            objectName: "alarmOthers"
            Layout.preferredHeight: Theme.px(32)
            Layout.maximumWidth: Theme.px(92)
            visible: text !== ""
            radius: 8
            size: 12.5
            text: strip.alarm.others.text
            onClicked: strip.othersPressed()
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
