pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// The services, above them the priority switch, below them guidance and help. In the low layout
// everything that can be touched is in the lower half.
Rectangle {
    id: home

    required property CitizenScreen vm
    required property WallClock clock
    property bool wide: false
    // Where the lower half of the window begins.
    property real middle: height / 2
    signal emblemTouched

    readonly property bool dense: vm.large || vm.low || vm.tileCount > 8 || vm.home.offers_appointments || vm.home.offers_procedures || banner.visible || vm.keys
    readonly property bool wideLarge: wide && vm.large
    readonly property bool gathers: vm.large || vm.low

    color: Theme.paper

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        Header {
            Layout.fillWidth: true
            clock: home.clock
            dense: home.dense
            vm: home.vm
            wide: home.wide
            onEmblemTouched: home.emblemTouched()
        }

        ColumnLayout {
            Layout.bottomMargin: home.vm.low ? 0 : Theme.gap(home.dense ? 20 : home.wide ? 22 : 24)
            Layout.fillHeight: home.vm.low
            Layout.leftMargin: Theme.px(56)
            Layout.rightMargin: Theme.px(56)
            Layout.topMargin: Theme.px(home.dense || home.wide ? 14 : 34)
            spacing: Theme.gap(20)

            GridLayout {
                Layout.fillHeight: false
                Layout.fillWidth: true
                columnSpacing: Theme.px(40)
                columns: home.wide ? 2 : 1
                rowSpacing: Theme.px(home.dense ? 10 : 18)

                // What to do here; or that no numbers are given now, and when they are.
                ColumnLayout {
                    Layout.fillWidth: true
                    Layout.preferredWidth: home.wideLarge ? 2 : 1
                    spacing: 0

                    Label {
                        Layout.fillWidth: true
                        font.weight: Font.Bold
                        fontSizeMode: home.vm.large ? Text.FixedSize : Text.HorizontalFit
                        lineHeight: 0.95
                        minimumPixelSize: Theme.px(40)
                        objectName: "heading"
                        size: home.wide ? 52 : 58
                        text: home.vm.home.heading
                        wrapMode: home.vm.large ? Text.WordWrap : Text.NoWrap
                    }

                    Label {
                        id: hours

                        Layout.fillWidth: true
                        objectName: "hours"
                        size: home.wide ? 34 : 38
                        text: home.vm.home.hours
                        visible: text !== ""
                        wrapMode: Text.WordWrap

                        FocusRing {
                            stop: hours.objectName
                        }
                    }
                }

                Loader {
                    Layout.fillWidth: true
                    Layout.preferredWidth: home.wideLarge ? 3 : 1
                    active: home.vm.home.offers_priority && !home.vm.low
                    visible: active

                    sourceComponent: PriorityCard {
                        dense: home.dense || home.wide
                        vm: home.vm
                    }
                }
            }

            // A calm word about what does not work now and what to do.
            Rectangle {
                id: banner

                Layout.fillWidth: true
                border.color: Theme.bright
                border.width: Theme.contrast ? Theme.px(3) : 0
                color: Theme.mild
                implicitHeight: row.implicitHeight + Theme.px(28)
                radius: Theme.px(22)
                visible: home.vm.home.banner !== ""

                FocusRing {
                    radius: banner.radius
                    stop: "banner"
                }

                RowLayout {
                    id: row

                    anchors.left: parent.left
                    anchors.margins: Theme.px(24)
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    spacing: Theme.px(20)

                    Icon {
                        name: "info"
                        size: Theme.px(44)
                    }

                    Label {
                        Layout.fillWidth: true
                        objectName: "banner"
                        size: 30
                        text: home.vm.home.banner
                        wrapMode: Text.WordWrap
                    }
                }
            }

            // The switch may stand on another page.
            Label {
                Layout.fillWidth: true
                font.weight: Font.DemiBold
                objectName: "priorityNote"
                size: 38
                text: home.vm.home.priority_note
                visible: home.vm.low && text !== ""
                wrapMode: Text.WordWrap
            }

            Item {
                Layout.fillHeight: true
                visible: home.vm.low
            }
        }

        ColumnLayout {
            Layout.bottomMargin: Theme.px(home.wide || home.dense ? 28 : 40)
            Layout.fillHeight: !home.vm.low
            Layout.leftMargin: Theme.px(56)
            Layout.maximumHeight: home.vm.low ? home.height - home.middle - Theme.px(28) : -1
            Layout.minimumHeight: home.vm.low ? Layout.maximumHeight : 0
            Layout.rightMargin: Theme.px(56)
            spacing: Theme.gap(home.dense ? 20 : home.wide ? 22 : 24)

            TileArea {
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.minimumHeight: 0
                Layout.preferredHeight: 0
                dense: home.dense
                gathers: home.gathers
                gathersPriority: home.vm.low
                vm: home.vm
                wide: home.wide
            }

            Loader {
                Layout.fillWidth: true
                active: !home.gathers
                visible: active

                sourceComponent: GridLayout {
                    columnSpacing: Theme.gap(24)
                    columns: home.wide ? 10 : 2
                    rowSpacing: Theme.gap(24)
                    uniformCellWidths: true

                    AppointmentTile {
                        Layout.columnSpan: home.wide ? 3 : home.vm.home.offers_procedures ? 1 : 2
                        Layout.fillHeight: true
                        Layout.fillWidth: true
                        visible: home.vm.home.offers_appointments
                        vm: home.vm
                    }

                    ProceduresTile {
                        Layout.columnSpan: home.wide ? 3 : home.vm.home.offers_appointments ? 1 : 2
                        Layout.fillHeight: true
                        Layout.fillWidth: true
                        visible: home.vm.home.offers_procedures
                        vm: home.vm
                    }

                    GuidanceTile {
                        Layout.columnSpan: home.wide ? 10 - 3 * home.vm.home.offers_appointments - 3 * home.vm.home.offers_procedures : 2
                        Layout.fillHeight: true
                        Layout.fillWidth: true
                        dense: home.dense || home.wide
                        visible: home.vm.home.guidance !== null
                        vm: home.vm
                    }
                }
            }

            BottomBar {
                Layout.fillHeight: false
                Layout.fillWidth: true
                vm: home.vm
                wide: home.wide
            }
        }
    }
}
