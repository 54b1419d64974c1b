import QtQuick
import QtQuick.Layouts
import ui

// What can be done with the number: give it back, print its paper again, be done.
GridLayout {
    id: buttons

    required property CitizenScreen vm
    property bool copies: false

    columnSpacing: Theme.gap(28)
    rowSpacing: Theme.gap(28)
    uniformCellWidths: true

    CopyButton {
        Layout.columnSpan: buttons.columns > 2 ? 1 : 2
        Layout.fillHeight: true
        Layout.fillWidth: true
        visible: buttons.copies && buttons.vm.ticket.can_copy
        vm: buttons.vm
    }

    TextButton {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.minimumHeight: Theme.px(81)
        edge: "transparent"
        ground: "transparent"
        ink: Theme.nightNote
        objectName: "askVoid"
        size: 28
        text: qsTr("Chọn nhầm – hủy số này")
        visible: buttons.vm.ticket.can_void
        onClicked: buttons.vm.tap(objectName)
    }

    TextButton {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.minimumHeight: Theme.px(124)
        edge: ground
        ground: Theme.contrast ? Theme.bright : Theme.card
        ink: Theme.contrast ? Theme.brightInk : Theme.link
        objectName: "finish"
        size: 42
        text: qsTr("Xong")
        onClicked: buttons.vm.tap(objectName)
    }
}
