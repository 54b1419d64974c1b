import QtQuick
import ui

// For who wants to know what a procedure needs.
ChoiceTile {
    required property CitizenScreen vm

    dense: true
    iconName: "folder-open"
    note: qsTr("Giấy cần mang, lệ phí")
    objectName: "procedures"
    raised: true
    text: qsTr("Thủ tục & giấy tờ")
    onClicked: vm.tap(objectName)
}
