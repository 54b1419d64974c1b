import QtQuick
import QtQuick.Layouts
import ui

// The six buttons of all day.
ColumnLayout {
    id: group

    required property var buttons
    signal pressed(string name)

    spacing: Theme.px(10)

    RowLayout {
        Layout.fillHeight: false
        spacing: Theme.px(10)
        uniformCellSizes: true

        PressButton {
            objectName: "primary"
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: Theme.px(76)
            look: "primary"
            size: 18
            radius: 12
            text: group.buttons.primary.text
            note: group.buttons.primary.note
            available: group.buttons.primary.enabled
            onClicked: group.pressed("primary")
        }
        PressButton {
            objectName: "second"
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: Theme.px(76)
            look: "outline"
            size: 18
            radius: 12
            text: group.buttons.second.text
            note: group.buttons.second.note
            available: group.buttons.second.enabled
            onClicked: group.pressed("second")
        }
    }
    RowLayout {
        Layout.fillHeight: false
        spacing: Theme.px(8)
        uniformCellSizes: true

        PressButton {
            objectName: "recall"
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: Theme.px(44)
            text: group.buttons.recall.text
            available: group.buttons.recall.enabled
            onClicked: group.pressed("recall")
        }
        PressButton {
            objectName: "absent"
            Layout.fillWidth: true
            Layout.fillHeight: true
            text: group.buttons.absent.text
            available: group.buttons.absent.enabled
            onClicked: group.pressed("absent")
        }
        PressButton {
            objectName: "transfer"
            Layout.fillWidth: true
            Layout.fillHeight: true
            text: group.buttons.transfer.text
            available: group.buttons.transfer.enabled
            onClicked: group.pressed("transfer")
        }
        PressButton {
            objectName: "more"
            Layout.fillWidth: true
            Layout.fillHeight: true
            text: group.buttons.more.text
            available: group.buttons.more.enabled
            onClicked: group.pressed("more")
        }
    }
}
