pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ui

// A list of choices over the window; Escape and the cross close it.
FocusScope {
    id: overlay

    property var sheet: null
    readonly property bool open: !!sheet
    signal chosen(int index)
    signal numberEntered(string number)
    signal dismissed

    visible: open
    enabled: open
    Keys.onEscapePressed: overlay.dismissed()
    onSheetChanged: if (sheet)
        sheet.asks_number ? entry.begin() : close.forceActiveFocus()

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
    Rectangle {
        objectName: "sheet"
        anchors.bottom: parent.bottom
        width: parent.width
        height: Math.min(column.implicitHeight + Theme.px(34), parent.height - Theme.px(16))
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
                    onClicked: overlay.dismissed()
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

                visible: overlay.open && overlay.sheet.asks_number
                onEntered: number => overlay.numberEntered(number)
            }
            Flickable {
                id: scroll

                Layout.fillWidth: true
                Layout.fillHeight: true
                implicitHeight: flow.implicitHeight
                contentHeight: flow.implicitHeight
                visible: choices.count > 0
                clip: true
                boundsBehavior: Flickable.StopAtBounds

                Flow {
                    id: flow

                    readonly property int columns: overlay.open ? overlay.sheet.columns : 1
                    readonly property real cell: (width - (columns - 1) * spacing) / columns

                    width: scroll.width
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
                                visible: cell.modelData.heading
                                text: visible ? cell.modelData.text : ""
                                size: 13
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
