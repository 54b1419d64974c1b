import QtQuick
import QtQuick.Layouts
import ui

// Below the number: where the paper comes out, or what to do when it does not.
ColumnLayout {
    id: guide

    required property CitizenScreen vm

    spacing: Theme.px(36)

    Icon {
        Layout.alignment: Qt.AlignHCenter
        color: Theme.bright
        name: "arrow-down"
        size: Theme.px(164)
        visible: guide.vm.ticket.paper_comes
    }

    TroubleBox {
        Layout.fillWidth: true
        visible: guide.vm.ticket.trouble !== ""
        vm: guide.vm
    }

    CopyButton {
        Layout.alignment: Qt.AlignHCenter
        Layout.maximumWidth: guide.width
        visible: guide.vm.ticket.can_copy
        vm: guide.vm
    }

    Label {
        Layout.fillWidth: true
        color: Theme.nightInk
        font.weight: Font.DemiBold
        horizontalAlignment: Text.AlignHCenter
        lineHeight: 1.08
        objectName: "calling"
        size: 44
        text: qsTr("Khi đến lượt, loa và màn hình sẽ mời quý vị đến quầy")
        wrapMode: Text.WordWrap
    }
}
