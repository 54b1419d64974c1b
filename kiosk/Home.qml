import QtQuick
import QtQuick.Layouts
import ui

// The services, above them the priority switch, below them guidance and help.
Rectangle {
    id: home

    required property CitizenScreen vm
    required property WallClock clock
    property bool wide: false
    signal emblemTouched

    readonly property bool dense: vm.large || vm.tileCount > 8 || banner.visible
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
            onEmblemTouched: home.emblemTouched()
        }

        ColumnLayout {
            Layout.bottomMargin: Theme.px(home.wide || home.dense ? 28 : 40)
            Layout.leftMargin: Theme.px(56)
            Layout.rightMargin: Theme.px(56)
            Layout.topMargin: Theme.px(home.dense || home.wide ? 14 : 34)
            spacing: Theme.gap(home.dense ? 20 : home.wide ? 22 : 24)

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
                        fontSizeMode: home.wideLarge ? Text.FixedSize : Text.HorizontalFit
                        lineHeight: 0.95
                        minimumPixelSize: Theme.px(40)
                        objectName: "heading"
                        size: home.wide ? 52 : 58
                        text: home.vm.home.heading
                        wrapMode: home.wideLarge ? Text.WordWrap : Text.NoWrap
                    }

                    Label {
                        Layout.fillWidth: true
                        objectName: "hours"
                        size: home.wide ? 34 : 38
                        text: home.vm.home.hours
                        visible: text !== ""
                        wrapMode: Text.WordWrap
                    }
                }

                PriorityCard {
                    Layout.fillWidth: true
                    Layout.preferredWidth: home.wideLarge ? 3 : 1
                    dense: home.dense || home.wide
                    visible: home.vm.home.offers_priority
                    vm: home.vm
                }
            }

            // A calm word about what does not work now and what to do.
            Rectangle {
                id: banner

                Layout.fillWidth: true
                color: Theme.gold100
                implicitHeight: row.implicitHeight + Theme.px(28)
                radius: Theme.px(22)
                visible: home.vm.home.banner !== ""

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
                    Layout.fillHeight: true
                    Layout.fillWidth: true
                    Layout.preferredWidth: 4
                    dense: home.dense || home.wide
                    vm: home.vm
                }

                BottomBar {
                    Layout.fillHeight: true
                    Layout.fillWidth: true
                    Layout.minimumHeight: Theme.px(home.dense ? 96 : 108)
                    Layout.preferredWidth: 4
                    vm: home.vm
                }
            }
        }
    }
}
