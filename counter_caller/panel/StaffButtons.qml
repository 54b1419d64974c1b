pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// The buttons of all day, each in its fixed place.
ColumnLayout {
    id: group

    required property var buttons
    required property var undo
    required property var outage
    required property bool tight
    property bool roomy: true
    signal pressed(string name)

    readonly property bool alone: buttons.second.text === ""

    spacing: Theme.px(tight ? 5 : 7)

    RowLayout {
        Layout.minimumHeight: Theme.px(group.tight ? 17 : 20)
        spacing: Theme.px(8)

        Label {
            objectName: "question"
            Layout.fillWidth: true
            text: group.buttons.question
            size: group.tight ? 13 : 14
            color: group.buttons.answer ? Theme.ink : Theme.ink2
            font.weight: group.buttons.answer ? Font.DemiBold : Font.Normal
            wrapMode: Text.Wrap
        }
        Label {
            objectName: "answer"
            text: group.buttons.answer
            size: group.tight ? 13 : 14
            color: Theme.ink2
        }
    }
    RowLayout {
        Layout.fillHeight: false
        spacing: Theme.px(20)
        uniformCellSizes: true

        PressButton {
            objectName: "primary"
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: Theme.px(group.tight ? 52 : 78)
            look: group.buttons.calling ? "calling" : "primary"
            glyph: group.buttons.calling ? "volume-2" : ""
            size: group.tight ? 16.5 : 18
            radius: 12
            text: group.buttons.primary.text
            note: group.buttons.primary.note
            available: group.buttons.primary.enabled
            beckons: group.buttons.beckons
            onClicked: group.pressed("primary")
        }
        PressButton {
            objectName: "second"
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: !group.alone
            look: "outline"
            size: group.tight ? 16.5 : 18
            radius: 12
            text: group.buttons.second.text
            note: group.buttons.second.note
            available: group.buttons.second.enabled
            beckons: group.buttons.beckons
            onClicked: group.pressed("second")
        }
    }
    Rectangle {
        Layout.fillWidth: true
        implicitHeight: Theme.px(4)
        radius: height / 2
        color: group.buttons.left > 0 ? Theme.line : "transparent"

        Rectangle {
            objectName: "timeLeft"
            width: parent.width * group.buttons.left
            height: parent.height
            radius: height / 2
            color: Theme.gold
        }
    }
    RowLayout {
        Layout.fillHeight: false
        spacing: Theme.px(8)
        uniformCellSizes: true

        Repeater {
            model: ["recall", "absent", "park", "transfer", "more"]

            PressButton {
                required property string modelData
                readonly property var choice: group.buttons[modelData]

                objectName: modelData
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.minimumHeight: Theme.px(group.tight ? 38 : 41)
                size: 13
                text: choice.text
                available: choice.enabled
                onClicked: group.pressed(modelData)
            }
        }
    }
    RowLayout {
        Layout.fillHeight: false
        spacing: Theme.px(8)
        uniformCellSizes: true

        PressButton {
            objectName: "undo"
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: Theme.px(group.tight ? 36 : 41)
            glyph: "undo-2"
            text: group.undo.text
            available: group.undo.enabled
            onClicked: group.pressed("undo")
        }
        PressButton {
            objectName: "outage"
            Layout.fillWidth: true
            Layout.fillHeight: true
            opacity: text ? 1 : 0
            glyph: "triangle-alert"
            text: group.outage.report.text
            available: group.outage.report.enabled
            onClicked: group.pressed("outage")
        }
    }
    Flow {
        objectName: "outcomes"
        Layout.fillWidth: true
        visible: group.buttons.ending !== "" && group.roomy
        spacing: Theme.px(4)

        Label {
            height: Theme.px(group.tight ? 24 : 25)
            verticalAlignment: Text.AlignVCenter
            text: group.buttons.ending
            size: 12.5
            color: Theme.ink2
        }
        Repeater {
            model: group.buttons.outcomes

            PressButton {
                required property int index
                required property var modelData

                objectName: "outcome-" + index
                width: Math.min(implicitWidth, parent ? parent.width : implicitWidth)
                height: Theme.px(group.tight ? 24 : 25)
                radius: 13
                size: 12.5
                text: modelData.text
                available: modelData.enabled
                onClicked: group.pressed(objectName)
            }
        }
    }
}
