import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ui

// The counter as a bar over other programs; drag it anywhere.
Window {
    id: root

    required property CounterPanel vm
    required property real textScale
    readonly property var view: vm.view
    readonly property bool busy: view.current.number !== ""
    readonly property bool choosing: view.buttons.left > 0
    readonly property string told: view.notice.text || view.alarm.text

    width: Math.round(460 * textScale)
    height: Math.round(96 * textScale) + (strip.visible ? strip.height + strip.anchors.margins : 0)
    color: Theme.card
    title: qsTr("%1 – Đến Lượt").arg(view.header.counter)
    flags: Qt.Window | Qt.FramelessWindowHint | Qt.WindowStaysOnTopHint

    StaffKeys {
        onPressed: name => root.vm.press(name)
    }
    Rectangle {
        anchors.fill: parent
        color: "transparent"
        border.color: Theme.line
    }
    DragHandler {
        target: null
        onActiveChanged: if (active)
            root.startSystemMove()
    }
    RowLayout {
        id: bar

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.px(16)
        anchors.rightMargin: Theme.px(15)
        height: Theme.px(96)
        spacing: Theme.px(12)

        Figure {
            objectName: "barNumber"
            visible: root.busy
            text: root.view.current.number
            size: 50
            color: root.view.header.live ? Theme.phuong : Theme.faded
            font.variableAxes: {
                "wght": 800
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            RowLayout {
                spacing: Theme.px(4)

                Label {
                    Layout.fillWidth: true
                    text: root.busy ? root.view.header.counter : root.view.header.counter + " · " + root.view.current.headline
                    size: 13
                    font.weight: Font.Bold
                    wrapMode: Text.Wrap
                }
                T.AbstractButton {
                    id: grow

                    objectName: "expandButton"
                    implicitWidth: Theme.px(24)
                    implicitHeight: Theme.px(24)
                    focusPolicy: Qt.StrongFocus
                    Accessible.role: Accessible.Button
                    Accessible.name: qsTr("Mở cả cửa sổ")
                    Accessible.onPressAction: grow.click()
                    onClicked: root.vm.toggleCompact()

                    background: Rectangle {
                        radius: Theme.px(6)
                        color: grow.hovered || grow.visualFocus ? Theme.sea100 : "transparent"
                    }
                    contentItem: Item {
                        Icon {
                            anchors.centerIn: parent
                            name: "maximize-2"
                            color: Theme.sea500
                            size: Theme.px(14)
                        }
                    }
                }
            }
            Label {
                Layout.fillWidth: true
                text: root.busy ? root.view.current.fetch || root.view.current.service : root.view.current.detail
                size: text.length > 36 ? 10 : 13
                color: Theme.ink2
                wrapMode: Text.Wrap
            }
            Label {
                Layout.fillWidth: true
                objectName: "barLine"
                text: root.view.header.lost || (root.choosing ? root.view.buttons.answer : root.view.waiting)
                size: 13
                color: Theme.ink2
                font.weight: root.view.header.lost || root.choosing ? Font.Bold : Font.Normal
                wrapMode: Text.Wrap
            }
        }
        PressButton {
            objectName: "barPrimary"
            Layout.preferredWidth: Theme.px(root.view.buttons.second.text ? 86 : 180)
            Layout.preferredHeight: Theme.px(64)
            look: root.view.buttons.calling ? "calling" : "primary"
            glyph: root.view.buttons.calling ? "volume-2" : ""
            size: 14.5
            radius: 12
            text: root.view.buttons.primary.text.replace(" – ", "\n")
            available: root.view.buttons.primary.enabled
            beckons: root.view.buttons.beckons
            onClicked: root.vm.press("primary")
        }
        PressButton {
            objectName: "barSecond"
            Layout.preferredWidth: Theme.px(82)
            Layout.preferredHeight: Theme.px(64)
            visible: root.view.buttons.second.text !== ""
            look: "outline"
            size: 13.5
            radius: 12
            text: root.view.buttons.second.text.replace(" – ", "\n")
            available: root.view.buttons.second.enabled
            beckons: root.view.buttons.beckons
            onClicked: root.vm.press("second")
        }
    }
    AlarmStrip {
        id: strip

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: Theme.px(6)
        visible: root.told !== ""
        height: implicitHeight
        alarm: root.view.notice.text ? {
            "text": root.view.notice.text,
            "choice": {
                "text": "",
                "enabled": false
            },
            "rings": "",
            "others": {
                "text": ""
            }
        } : root.view.alarm
        onPressed: root.vm.press("alarm")
        onOthersPressed: root.vm.press("alarms")
    }
    Connections {
        target: root.vm

        function onRang(): void {
            root.alert(0);
        }
    }
}
