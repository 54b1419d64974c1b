import QtQuick
import QtQuick.Layouts
import ui

// The services, above them the priority switch, below them guidance and help.
Rectangle {
    id: home

    required property HomeScreen vm
    required property WallClock clock
    property bool wide: false

    readonly property bool choosing: vm.reach !== "nowhere"
    readonly property bool dense: vm.large || vm.tileCount > 8 || banner.visible && vm.reach !== "book"
    readonly property bool wideLarge: wide && vm.large

    color: Theme.paper

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        Header {
            Layout.fillWidth: true
            clock: home.clock
            vm: home.vm
            wide: home.wide
        }

        ColumnLayout {
            Layout.bottomMargin: Theme.px(home.wide || home.dense ? 28 : 40)
            Layout.leftMargin: Theme.px(56)
            Layout.rightMargin: Theme.px(56)
            Layout.topMargin: Theme.px(home.dense || home.wide ? 14 : 34)
            spacing: Theme.px(home.dense ? 20 : home.wide ? 22 : 24)

            GridLayout {
                Layout.fillHeight: false
                Layout.fillWidth: true
                columnSpacing: Theme.px(40)
                columns: home.wide ? 2 : 1
                rowSpacing: Theme.px(home.dense ? 10 : 18)

                Heading {
                    Layout.fillWidth: true
                    Layout.preferredWidth: home.wideLarge ? 2 : 1
                    vm: home.vm
                    wide: home.wide
                }

                PriorityCard {
                    Layout.fillWidth: true
                    Layout.preferredWidth: home.wideLarge ? 3 : 1
                    dense: home.dense || home.wide
                    visible: home.choosing && home.vm.closedHours === ""
                    vm: home.vm
                }
            }

            Banner {
                id: banner

                Layout.fillWidth: true
                vm: home.vm
            }

            TileArea {
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.minimumHeight: 0
                Layout.preferredHeight: 0
                dense: home.dense
                vm: home.vm
                wide: home.wide
            }

            GridLayout {
                Layout.fillHeight: false
                Layout.fillWidth: true
                columnSpacing: Theme.px(24)
                columns: home.wide ? 2 : 1
                rowSpacing: Theme.px(home.dense ? 20 : 26)

                GuidanceTile {
                    dense: home.dense || home.wide
                    Layout.fillHeight: true
                    Layout.fillWidth: true
                    Layout.preferredWidth: home.wideLarge ? implicitWidth : 1
                    vm: home.vm
                    wide: home.wide
                }

                BottomBar {
                    Layout.fillHeight: true
                    Layout.fillWidth: true
                    Layout.minimumHeight: Theme.px(home.dense ? 96 : 108)
                    Layout.preferredWidth: home.wideLarge ? implicitWidth : 1
                    vm: home.vm
                }
            }
        }
    }
}
