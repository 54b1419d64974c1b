pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// All services. They fill the room there is; what does not fit is a touch further down.
ColumnLayout {
    id: area

    required property HomeScreen vm
    property bool wide: false
    property bool dense: false

    readonly property int columns: vm.large ? (wide ? 2 : 1) : (wide ? 4 : 2)
    readonly property int rows: Math.ceil(vm.tileCount / columns)
    readonly property real gap: Theme.px(dense ? 20 : 24)
    readonly property bool overflows: grid.implicitHeight > height + 1

    spacing: Theme.px(12)

    Flickable {
        id: flick

        Layout.fillWidth: true
        Layout.fillHeight: true
        boundsBehavior: Flickable.StopAtBounds
        clip: area.overflows
        contentHeight: grid.height
        contentWidth: width
        interactive: area.overflows
        objectName: "tileArea"

        GridLayout {
            id: grid

            width: flick.width
            height: Math.max(implicitHeight, flick.height - Theme.px(3))
            columnSpacing: area.gap
            columns: area.columns
            rowSpacing: area.gap
            uniformCellHeights: !area.vm.large
            uniformCellWidths: true

            Repeater {
                model: area.vm.tileCount

                Loader {
                    id: slot

                    required property int index
                    readonly property var tile: area.vm.tiles[index] ?? ({})

                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    sourceComponent: area.vm.large ? large : normal

                    Component {
                        id: normal

                        ServiceTile {
                            dense: area.dense
                            objectName: "service-" + slot.tile.code
                            tile: slot.tile
                            onClicked: area.vm.choose(slot.tile.code)
                        }
                    }

                    Component {
                        id: large

                        WideTile {
                            detailed: area.rows <= (area.wide ? 3 : 5)
                            objectName: "service-" + slot.tile.code
                            tile: slot.tile
                            onClicked: area.vm.choose(slot.tile.code)
                        }
                    }
                }
            }
        }
    }

    TextButton {
        id: more

        Layout.alignment: Qt.AlignHCenter
        Layout.preferredWidth: Theme.px(420)
        ground: Theme.sea100
        iconName: flick.atYEnd ? "arrow-up" : "arrow-down"
        objectName: "more"
        text: flick.atYEnd ? qsTr("Trở lên") : qsTr("Xem thêm")
        visible: area.overflows
        onClicked: {
            const end = flick.contentHeight - flick.height;
            turn.to = flick.atYEnd ? 0 : Math.min(end, flick.contentY + flick.height * 0.8);
            turn.restart();
        }
    }

    NumberAnimation {
        id: turn

        target: flick
        property: "contentY"
        duration: Theme.slow
        easing.type: Easing.OutQuad
    }
}
