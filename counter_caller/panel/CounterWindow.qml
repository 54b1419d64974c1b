import QtQuick
import QtQuick.Layouts
import ui

// The counter's window.
Window {
    id: root

    required property CounterPanel vm
    required property real textScale
    readonly property var view: vm.view
    readonly property real fit: Math.min(textScale, width / 430, height / 470)

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
            onPresencePressed: root.vm.press("presence")
            onCompactPressed: root.vm.toggleCompact()
        }
        CurrentNumber {
            Layout.fillWidth: true
            current: root.view.current
            live: root.view.header.live
            onArrivedPressed: root.vm.press("arrived")
        }
        Flickable {
            id: scroll

            objectName: "scroll"
            Layout.fillWidth: true
            Layout.fillHeight: true
            contentWidth: width
            contentHeight: Math.max(height, body.implicitHeight + Theme.px(18))
            interactive: contentHeight > height
            clip: true
            boundsBehavior: Flickable.StopAtBounds

            ColumnLayout {
                id: body

                x: Theme.px(20)
                y: Theme.px(14)
                width: scroll.width - 2 * x
                height: scroll.contentHeight - y - Theme.px(4)
                spacing: Theme.px(10)

                StaffButtons {
                    Layout.fillWidth: true
                    Layout.fillHeight: false
                    buttons: root.view.buttons
                    onPressed: name => root.vm.press(name)
                }
                AlarmStrip {
                    Layout.fillWidth: true
                    alarm: root.view.alarm
                    onPressed: root.vm.press("alarm")
                }
                OutageButton {
                    objectName: "outage"
                    Layout.fillWidth: true
                    outage: root.view.outage
                    onClicked: root.vm.press("outage")
                }
                TicketList {
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    opacity: root.view.header.live ? 1 : 0.45
                    tabs: root.view.tabs
                    rows: root.vm.rows
                    below: root.view.below
                    onTabPressed: key => root.vm.chooseTab(key)
                    onRowPressed: ticket => root.vm.openRow(ticket)
                }
            }
        }
        PanelFooter {
            id: footer

            Layout.fillWidth: true
            footer: root.view.footer
            onUndoPressed: root.vm.press("undo")
        }
    }
    NoticeLine {
        anchors.bottom: parent.bottom
        anchors.bottomMargin: footer.height + Theme.px(8)
        anchors.horizontalCenter: parent.horizontalCenter
        width: parent.width - Theme.px(32)
        notice: root.view.notice
    }
    ChoiceSheet {
        id: sheet

        anchors.fill: parent
        sheet: root.vm.compact ? null : root.view.sheet
        onChosen: index => root.vm.choose(index)
        onNumberEntered: number => root.vm.callNumber(number)
        onDismissed: root.vm.dismiss()
    }
    Connections {
        target: root.vm

        function onRang(): void {
            root.alert(0);
        }
    }
}
