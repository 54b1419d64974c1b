import QtQuick
import ui

// For who does not know which service to choose: a number at the guidance desk.
ChoiceTile {
    id: control

    required property CitizenScreen vm
    readonly property var tile: vm.home.guidance ?? ({})

    iconName: tile.icon ?? ""
    iconGround: tile.open ? Theme.main : Theme.resting
    note: vm.home.guidance_note
    objectName: "guidance"
    text: qsTr("Tôi chưa biết chọn ô nào")
    onClicked: vm.choose(tile.code)
}
