pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ui

// A list of choices over the window; Escape and the cross close it.
FocusScope {
    id: overlay

    property var sheet: null
    required property var alarm
    readonly property bool open: !!sheet
    readonly property real above: Theme.px(72)
    signal chosen(int index)
    signal numberEntered(string number)
    signal paperEntered(string number, string time)
    signal textEntered(string text)
    signal codeEntered(string code)
    signal alarmPressed
    signal dismissed
    signal closed

    visible: open
    enabled: open
    Keys.onEscapePressed: overlay.closed()

    function lone(alarm: var): var {
        return {
            "text": alarm.text,
            "choice": alarm.choice,
            "rings": alarm.rings,
            "others": {
                "text": ""
            }
        };
    }

    onSheetChanged: if (sheet)
        sheet.asks_number || sheet.asks_code ? entry.begin() : sheet.asks_text ? message.begin() : close.forceActiveFocus()

    Rectangle {
        anchors.fill: parent
        color: Theme.sea900
        opacity: 0.55

        MouseArea {
            anchors.fill: parent
            hoverEnabled: true
            onClicked: overlay.dismissed()
            onWheel: wheel => wheel.accepted = true
        }
    }
    // No sheet reaches up here: an alarm hides nothing of it, and it hides no alarm.
    AlarmStrip {
        objectName: "alarmAbove"
        anchors.top: parent.top
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.margins: Theme.px(6)
        alarm: overlay.lone(overlay.alarm)
        onPressed: overlay.alarmPressed()
    }
    Rectangle {
        objectName: "sheet"
        anchors.bottom: parent.bottom
        width: parent.width
        height: Math.min(column.implicitHeight + Theme.px(30), parent.height - overlay.above)
        radius: Theme.px(16)
        color: Theme.paper

        Rectangle {
            anchors.bottom: parent.bottom
            width: parent.width
            height: parent.radius
            color: parent.color
        }
        MouseArea {
            anchors.fill: parent
        }
        ColumnLayout {
            id: column

            anchors.fill: parent
            anchors.margins: Theme.px(16)
            anchors.topMargin: Theme.px(12)
            spacing: Theme.px(8)

            RowLayout {
                Label {
                    objectName: "sheetTitle"
                    Layout.fillWidth: true
                    text: overlay.open ? overlay.sheet.title : ""
                    size: 18
                    color: Theme.sea800
                    font.weight: Font.Bold
                    wrapMode: Text.Wrap
                }
                PressButton {
                    id: close

                    objectName: "closeSheet"
                    Layout.preferredHeight: Theme.px(34)
                    text: qsTr("Đóng")
                    onClicked: overlay.closed()
                }
            }
            Figure {
                objectName: "sheetFigure"
                Layout.alignment: Qt.AlignHCenter
                visible: text !== ""
                text: overlay.open ? overlay.sheet.figure : ""
                size: 84
                color: Theme.sea800
                font.variableAxes: {
                    "wght": 800
                }
            }
            Label {
                Layout.fillWidth: true
                visible: text !== ""
                text: overlay.open ? overlay.sheet.note : ""
                size: 14
                color: Theme.ink2
                wrapMode: Text.Wrap
                horizontalAlignment: overlay.open && overlay.sheet.figure !== "" ? Text.AlignHCenter : Text.AlignLeft
            }
            NumberEntry {
                id: entry

                visible: overlay.open && (overlay.sheet.asks_number || overlay.sheet.asks_code)
                asksCode: overlay.open && overlay.sheet.asks_code
                asksTime: overlay.open && overlay.sheet.asks_time
                onEntered: number => overlay.numberEntered(number)
                onPaperEntered: (number, time) => overlay.paperEntered(number, time)
                onCodeEntered: code => overlay.codeEntered(code)
            }
            TextEntry {
                id: message

                visible: overlay.open && overlay.sheet.asks_text
                onEntered: text => overlay.textEntered(text)
            }
            Item {
                Layout.fillWidth: true
                Layout.fillHeight: true
                implicitHeight: flow.implicitHeight
                visible: choices.count > 0

                Flickable {
                    id: scroll

                    anchors.fill: parent
                    contentHeight: flow.implicitHeight
                    clip: true
                    boundsBehavior: Flickable.StopAtBounds

                    Flow {
                        id: flow

                        readonly property int columns: overlay.open ? overlay.sheet.columns : 1
                        readonly property real cell: Math.floor((width - (columns - 1) * spacing) / columns)

                        width: scroll.width - (scrollBar.visible ? Theme.px(14) : 0)
                        spacing: Theme.px(8)

                        Repeater {
                            id: choices

                            model: overlay.open ? overlay.sheet.choices : []

                            Item {
                                id: cell

                                required property int index
                                required property var modelData

                                width: modelData.heading ? flow.width : flow.cell
                                height: modelData.heading ? heading.implicitHeight + Theme.px(4) : Math.max(Theme.px(46), button.implicitHeight)

                                Label {
                                    id: heading

                                    anchors.bottom: parent.bottom
                                    width: parent.width
                                    visible: cell.modelData.heading
                                    text: visible ? cell.modelData.text : ""
                                    size: 13
                                    wrapMode: Text.Wrap
                                    color: Theme.ink2
                                    font.weight: Font.DemiBold
                                }
                                PressButton {
                                    id: button

                                    objectName: "choice-" + cell.index
                                    anchors.fill: parent
                                    visible: !cell.modelData.heading
                                    size: 14
                                    text: visible ? cell.modelData.text : ""
                                    note: visible ? cell.modelData.note : ""
                                    available: cell.modelData.enabled
                                    onClicked: overlay.chosen(cell.index)
                                }
                            }
                        }
                    }

                    T.ScrollBar.vertical: T.ScrollBar {
                        id: scrollBar

                        objectName: "sheetScrollBar"
                        // Placed by hand: Qt loses it where the letters grow after the window is there.
                        parent: scroll.parent
                        anchors.right: scroll.right
                        anchors.top: scroll.top
                        anchors.bottom: scroll.bottom
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
    }
}
