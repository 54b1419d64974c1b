pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// The number being served, in full size; without one, why there is none.
Rectangle {
    id: panel

    required property var current
    required property bool live
    required property bool tight
    signal arrivedPressed

    readonly property bool busy: current.number !== ""
    readonly property real figure: tight ? 52 : 76

    color: Theme.card
    implicitHeight: Math.max(Theme.px(tight ? 84 : 123), column.implicitHeight + Theme.px(tight ? 10 : 25))

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: Theme.px(1)
        anchors.margins: Theme.px(20)
        spacing: Theme.px(panel.tight ? 2 : 6)

        RowLayout {
            spacing: Theme.px(18)
            Layout.minimumHeight: Theme.px(panel.figure)

            Figure {
                objectName: "number"
                visible: panel.busy
                text: panel.current.number
                size: panel.figure
                color: panel.live ? Theme.phuong : Theme.faded
                font.variableAxes: {
                    "wght": 800
                }
                Layout.preferredHeight: Theme.px(panel.figure)
                verticalAlignment: Text.AlignVCenter
                Accessible.role: Accessible.StaticText
                Accessible.name: panel.current.number
            }
            ColumnLayout {
                visible: panel.busy
                spacing: Theme.px(5)

                Label {
                    objectName: "service"
                    Layout.fillWidth: true
                    text: panel.current.service
                    size: 17
                    font.weight: Font.Bold
                    wrapMode: Text.Wrap
                }
                RowLayout {
                    spacing: Theme.px(8)
                    Layout.minimumHeight: Theme.px(28)

                    Chip {
                        objectName: "chip"
                        visible: panel.current.chip !== ""
                        text: panel.current.chip
                    }
                    PressButton {
                        objectName: "arrived"
                        visible: panel.current.arrived.text !== ""
                        Layout.preferredHeight: Theme.px(28)
                        radius: 8
                        size: 13
                        text: panel.current.arrived.text
                        available: panel.current.arrived.enabled
                        onClicked: panel.arrivedPressed()
                    }
                }
                Label {
                    objectName: "fetch"
                    Layout.fillWidth: true
                    visible: text !== ""
                    text: panel.current.fetch
                    size: panel.tight ? 13 : 15
                    color: Theme.phuongDark
                    font.weight: Font.Bold
                    wrapMode: Text.Wrap
                }
                Label {
                    objectName: "remark"
                    Layout.fillWidth: true
                    visible: text !== ""
                    text: panel.current.remark
                    size: 13
                    color: Theme.sea800
                    font.weight: Font.DemiBold
                    wrapMode: Text.Wrap
                }
            }
            ColumnLayout {
                visible: !panel.busy
                spacing: Theme.px(2)

                Label {
                    objectName: "headline"
                    Layout.fillWidth: true
                    text: panel.current.headline
                    size: panel.tight ? 24 : 28
                    color: Theme.sea800
                    font.weight: Font.Bold
                    wrapMode: Text.Wrap
                }
                Label {
                    objectName: "detail"
                    Layout.fillWidth: true
                    visible: text !== ""
                    text: panel.current.detail
                    size: 15
                    color: Theme.ink2
                    wrapMode: Text.Wrap
                }
            }
        }
        Item {
            id: below

            readonly property real markWidth: Math.max(mark.width, longest.width)
            readonly property bool fits: facts.width + Theme.px(12) + markWidth <= width

            Layout.fillWidth: true
            visible: panel.busy
            implicitHeight: facts.height + (fits || !mark.visible ? 0 : mark.height)

            Row {
                id: facts

                spacing: Theme.px(panel.tight ? 12 : 18)

                Repeater {
                    model: panel.current.facts

                    Row {
                        id: fact

                        required property var modelData

                        spacing: Theme.px(4)

                        Label {
                            text: fact.modelData.text
                            size: 13
                            color: Theme.ink2
                        }
                        Label {
                            text: fact.modelData.value
                            size: 13
                            font.weight: Font.DemiBold
                        }
                    }
                }
            }
            Label {
                id: longest

                visible: false
                text: panel.current.longest_mark
                size: mark.size
                font.weight: mark.font.weight
            }
            Label {
                id: mark

                objectName: "mark"
                anchors.right: parent.right
                y: below.fits ? 0 : facts.height
                visible: below.fits || !panel.current.announced
                text: panel.current.mark
                size: 13
                color: panel.current.announced ? Theme.ok : Theme.ink2
                font.weight: Font.DemiBold
            }
        }
    }
    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: 1
        color: Theme.line
    }
}
