import QtQuick
import ui

// For who has booked a time.
ChoiceTile {
    required property CitizenScreen vm

    dense: true
    iconName: "calendar-check"
    note: qsTr("Đã đặt giờ trước")
    objectName: "appointments"
    raised: true
    text: qsTr("Tôi có hẹn")
    onClicked: vm.tap(objectName)
}
