import QtQuick
import ui

// For who has not seen a paper come out.
TextButton {
    required property CitizenScreen vm

    edge: ground
    ground: Theme.bright
    iconName: "printer"
    implicitHeight: Math.max(Theme.px(112), contentItem.implicitHeight + topPadding + bottomPadding)
    ink: Theme.brightInk
    leftPadding: Theme.px(44)
    objectName: "copy"
    rightPadding: Theme.px(44)
    size: 36
    text: qsTr("In lại phiếu (bản in lại)")
    onClicked: vm.tap(objectName)
}
