pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// What technicians see behind the PIN: facts in lines, things to do as buttons.
Rectangle {
    id: page

    required property MaintenanceScreen vm
    property bool wide: false
    readonly property var view: vm.view
    readonly property real column: Math.min(width - Theme.px(112), Theme.px(968))

    color: Theme.paper

    MouseArea {
        anchors.fill: parent // nothing beneath can be touched
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        Rectangle {
            Layout.fillWidth: true
            color: Theme.night
            implicitHeight: Theme.px(page.wide ? 112 : 150)

            RowLayout {
                anchors.fill: parent
                anchors.leftMargin: Theme.px(56)
                anchors.rightMargin: Theme.px(56)
                spacing: Theme.gap(24)

                Label {
                    Layout.fillWidth: true
                    color: Theme.nightInk
                    fontSizeMode: Text.HorizontalFit
                    font.weight: Font.Bold
                    minimumPixelSize: Theme.px(28)
                    objectName: "maintenanceTitle"
                    size: 44
                    text: page.view.title
                }

                TextButton {
                    iconName: "arrow-left"
                    objectName: "back"
                    text: page.view.back
                    visible: text !== ""
                    onClicked: page.vm.act("back")
                }

                TextButton {
                    iconName: "x"
                    objectName: "close"
                    text: page.view.close
                    onClicked: page.vm.act("close")
                }
            }
        }

        Item {
            Layout.fillHeight: true
            Layout.fillWidth: true

            ColumnLayout {
                anchors.horizontalCenter: parent.horizontalCenter
                anchors.top: parent.top
                anchors.topMargin: Theme.px(page.wide ? 32 : 64)
                spacing: Theme.px(28)
                width: page.column

                Label {
                    Layout.fillWidth: true
                    horizontalAlignment: page.view.keys.length ? Text.AlignHCenter : Text.AlignLeft
                    objectName: "maintenanceText"
                    size: 32
                    text: page.view.text
                    visible: text !== ""
                    wrapMode: Text.WordWrap
                }

                Figure {
                    Layout.alignment: Qt.AlignHCenter
                    Layout.minimumHeight: Theme.px(64)
                    font.letterSpacing: Theme.px(8)
                    objectName: "typed"
                    size: 52
                    text: page.view.typed
                    visible: page.view.keys.length > 0
                }

                Label {
                    Layout.fillWidth: true
                    color: page.view.troubled ? Theme.figure : Theme.link
                    font.weight: Font.DemiBold
                    horizontalAlignment: page.view.keys.length ? Text.AlignHCenter : Text.AlignLeft
                    objectName: "maintenanceNote"
                    size: 32
                    text: page.view.note
                    visible: text !== ""
                    wrapMode: Text.WordWrap
                }

                Repeater {
                    model: page.view.lines

                    MaintenanceLine {
                        required property var modelData

                        Layout.fillWidth: true
                        line: modelData
                        onTouched: what => page.vm.act(what)
                    }
                }

                KeyPad {
                    Layout.alignment: Qt.AlignHCenter
                    columns: page.view.key_columns
                    keySize: page.view.key_columns > 3 ? 96 : page.wide ? 110 : 150
                    keys: page.view.keys
                    visible: keys.length > 0
                    onTouched: what => page.vm.act(what)
                }

                GridLayout {
                    Layout.fillWidth: true
                    columnSpacing: Theme.gap(24)
                    columns: page.wide && page.view.buttons.length > 2 ? 2 : 1
                    rowSpacing: Theme.gap(24)
                    visible: page.view.buttons.length > 0

                    Repeater {
                        model: page.view.buttons

                        TextButton {
                            required property var modelData

                            Layout.fillWidth: true
                            Layout.minimumHeight: Theme.px(130)
                            Layout.preferredWidth: 1
                            edge: modelData.main ? ground : Theme.edge
                            ground: modelData.main ? Theme.main : Theme.card
                            iconName: modelData.icon
                            ink: modelData.main ? Theme.mainInk : Theme.link
                            objectName: modelData.does
                            size: 38
                            text: modelData.text
                            onClicked: page.vm.act(modelData.does)
                        }
                    }
                }
            }
        }
    }
}
