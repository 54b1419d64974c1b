import QtQuick
import ui

// Why there may be no paper, and what to do.
Rectangle {
    id: box

    required property CitizenScreen vm

    border.color: Theme.bright
    border.width: Theme.contrast ? Theme.px(3) : 0
    color: Theme.mild
    implicitHeight: Math.max(sign.height, words.height) + Theme.px(48)
    radius: Theme.px(30)

    Icon {
        id: sign

        anchors.verticalCenter: parent.verticalCenter
        name: "printer"
        size: Theme.px(72)
        x: Theme.px(32)
    }

    Label {
        id: words

        anchors.verticalCenter: parent.verticalCenter
        font.weight: Font.DemiBold
        objectName: "trouble"
        size: 38
        text: box.vm.ticket.trouble
        width: box.width - x - Theme.px(32)
        wrapMode: Text.WordWrap
        x: sign.x + sign.width + Theme.px(28)
    }
}
