pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ui

// The three lists: waiting, parked, absent.
ColumnLayout {
    id: lists

    required property var tabs
    required property var rows
    required property string below
    required property bool live
    required property bool tight
    signal tabPressed(string key)
    signal rowPressed(string ticket)
    signal latePressed(string ticket)

    spacing: 0

    RowLayout {
        spacing: Theme.px(16)

        Repeater {
            model: 3

            T.AbstractButton {
                id: tab

                required property int index
                readonly property var shown: lists.tabs[index]

                objectName: "tab-" + shown.key
                focusPolicy: Qt.StrongFocus
                implicitWidth: word.implicitWidth
                implicitHeight: word.implicitHeight + Theme.px(5)
                text: shown.text
                Accessible.role: Accessible.PageTab
                Accessible.name: shown.text
                Accessible.onPressAction: tab.click()
                onClicked: lists.tabPressed(shown.key)

                background: Rectangle {
                    color: tab.visualFocus ? Theme.sea100 : "transparent"

                    Rectangle {
                        anchors.bottom: parent.bottom
                        visible: tab.shown.selected
                        width: parent.width
                        height: Theme.px(2)
                        color: Theme.phuong
                    }
                }
                contentItem: Label {
                    id: word

                    text: tab.shown.text
                    size: 13.5
                    color: tab.shown.selected ? Theme.ink : Theme.ink2
                    font.weight: Font.DemiBold
                }
            }
        }
        Item {
            Layout.fillWidth: true
        }
        Label {
            Layout.alignment: Qt.AlignTop
            text: qsTr("Đã chờ")
            size: 13.5
            color: Theme.ink2
            font.weight: Font.DemiBold
        }
    }
    Item {
        Layout.fillWidth: true
        Layout.rightMargin: -list.gutter
        Layout.minimumHeight: Theme.px(lists.tight ? 84 : 105)
        Layout.fillHeight: true

        ListView {
            id: list

            readonly property real gutter: Theme.px(12)

            objectName: "list"
            anchors.fill: parent
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            model: lists.rows
            delegate: TicketLine {
                objectName: "row-" + number
                width: ListView.view.width - list.gutter
                live: lists.live
                tight: lists.tight
                onClicked: lists.rowPressed(ticket)
                onLatePressed: lists.latePressed(ticket)
            }
            footer: Item {
                width: list.width - list.gutter
                height: lists.below === "" ? 0 : words.implicitHeight + Theme.px(16)

                Label {
                    id: words

                    anchors.verticalCenter: parent.verticalCenter
                    width: parent.width
                    text: lists.below
                    size: 14
                    color: Theme.ink2
                    wrapMode: Text.Wrap
                }
            }

            T.ScrollBar.vertical: T.ScrollBar {
                id: scrollBar

                // Placed by hand: Qt loses it where the letters grow after the window is there.
                parent: list.parent
                anchors.right: list.right
                anchors.top: list.top
                anchors.bottom: list.bottom
                width: Theme.px(6)
                visible: size < 1
                contentItem: Rectangle {
                    implicitWidth: Theme.px(6)
                    radius: Theme.px(3)
                    color: scrollBar.pressed ? Theme.sea500 : Theme.sea200
                }
            }
        }
    }
}
