import QtQuick
import QtQuick.Layouts
import ui

// For who does not know which service to choose: a number at the guidance desk.
Tappable {
    id: control

    required property CitizenScreen vm
    property bool dense: false
    readonly property var tile: vm.home.guidance ?? ({})

    bottomPadding: Theme.px(dense ? 14 : 26)
    leftPadding: Theme.px(vm.large ? 22 : 32)
    objectName: "guidance"
    rightPadding: Theme.px(vm.large ? 22 : 28)
    text: qsTr("Tôi chưa biết chọn ô nào")
    topPadding: Theme.px(dense ? 14 : 26)
    visible: tile.code !== undefined
    onClicked: vm.choose(tile.code)

    background: Rectangle {
        color: control.pressed ? Theme.sea200 : Theme.sea100
        radius: Theme.px(30)
        border.width: Theme.px(2)
        border.color: Theme.sea200
    }

    contentItem: RowLayout {
        spacing: Theme.px(24)

        IconBox {
            name: control.tile.icon ?? ""
            size: control.dense ? 84 : 96
            color: control.tile.open ? Theme.sea800 : Theme.ink2
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Label {
                Layout.fillWidth: true
                font.weight: Font.Bold
                lineHeight: 0.95
                size: 42
                text: control.text
                wrapMode: Text.WordWrap
            }

            Label {
                Layout.fillWidth: true
                lineHeight: 0.95
                objectName: "guidanceNote"
                size: 29
                text: control.vm.home.guidance_note
                textFormat: Text.StyledText
                wrapMode: Text.WordWrap
            }
        }
    }
}
