import QtQuick
import QtQuick.Layouts
import ui

// The counter's window.
Window {
    id: root

    required property CounterPanel vm
    required property real textScale
    readonly property var view: vm.view
    readonly property real fit: Math.min(textScale, width / 430, height / 500)
    readonly property bool tight: height / fit < 640

    width: Math.round(460 * textScale)
    height: Math.round(690 * textScale)
    minimumWidth: 340
    minimumHeight: 360
    color: Theme.paper
    title: qsTr("%1 – Đến Lượt").arg(view.header.counter)
    flags: Qt.Window | Qt.WindowStaysOnTopHint

    Binding {
        target: Theme
        property: "scale"
        value: root.vm.compact ? root.textScale : root.fit
    }
    StaffKeys {
        onPressed: name => root.vm.press(name)
    }
    ColumnLayout {
        anchors.fill: parent
        spacing: 0
        enabled: !sheet.open

        PanelHeader {
            Layout.fillWidth: true
            header: root.view.header
            tight: root.tight
            onPresencePressed: root.vm.press("presence")
            onCompactPressed: root.vm.toggleCompact()
        }
        CurrentNumber {
            Layout.fillWidth: true
            current: root.view.current
            live: root.view.header.live
            tight: root.tight
            onArrivedPressed: root.vm.press("arrived")
        }
        Flickable {
            id: scroll

            objectName: "scroll"
            Layout.fillWidth: true
            Layout.fillHeight: true
            contentWidth: width
            contentHeight: Math.max(height, body.implicitHeight + body.y)
            interactive: contentHeight > height
            clip: true
            boundsBehavior: Flickable.StopAtBounds

            ColumnLayout {
                id: body

                x: Theme.px(20)
                y: Theme.px(root.tight ? 4 : 6)
                width: scroll.width - 2 * x
                height: scroll.contentHeight - y
                spacing: Theme.px(root.tight ? 7 : 12)

                StaffButtons {
                    Layout.fillWidth: true
                    Layout.fillHeight: false
                    buttons: root.view.buttons
                    undo: root.view.undo
                    outage: root.view.outage
                    tight: root.tight
                    roomy: !root.tight || root.view.alarm.text === ""
                    onPressed: name => root.vm.press(name)
                }
                TicketList {
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    live: root.view.header.live
                    tight: root.tight
                    tabs: root.view.tabs
                    rows: root.vm.rows
                    below: root.view.below
                    onTabPressed: key => root.vm.chooseTab(key)
                    onRowPressed: ticket => root.vm.openRow(ticket)
                    onLatePressed: ticket => root.vm.callLate(ticket)
                }
            }
        }
        AlarmStrip {
            objectName: "alarmBelow"
            Layout.fillWidth: true
            Layout.margins: Theme.px(root.tight ? 3 : 6)
            alarm: root.view.alarm
            tight: root.tight
            onPressed: root.vm.press("alarm")
            onOthersPressed: root.vm.press("alarms")
        }
        OutageStrip {
            Layout.fillWidth: true
            outage: root.view.outage
            onEnded: root.vm.press("endOutage")
        }
        PanelFooter {
            Layout.fillWidth: true
            footer: root.view.footer
            tight: root.tight
        }
    }
    NoticeLine {
        objectName: "noticeLine"
        y: scroll.y + scroll.height - height - Theme.px(4)
        anchors.horizontalCenter: parent.horizontalCenter
        width: parent.width - Theme.px(32)
        notice: root.view.notice
    }
    ChoiceSheet {
        id: sheet

        anchors.fill: parent
        sheet: root.vm.compact ? null : root.view.sheet
        alarm: root.view.alarm
        onChosen: index => root.vm.choose(index)
        onNumberEntered: number => root.vm.callNumber(number)
        onPaperEntered: (number, time) => root.vm.adoptNumber(number, time)
        onTextEntered: text => root.vm.sendText(text)
        onCodeEntered: code => root.vm.findCode(code)
        onAlarmPressed: root.vm.press("alarm")
        onDismissed: root.vm.dismiss()
        onClosed: root.vm.closeSheet()
    }
    Connections {
        target: root.vm

        function onRang(): void {
            root.alert(0);
        }
    }
}
