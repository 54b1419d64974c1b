import QtQuick
import QtQuick.Layouts
import ui

// Below the number: where the paper comes out, or what to do when it does not.
ColumnLayout {
    id: guide

    required property CitizenScreen vm
    property bool brief: false
    property bool tight: false
    readonly property bool trouble: vm.ticket.trouble !== ""

    spacing: Theme.px(tight ? 20 : 36)

    Icon {
        Layout.alignment: Qt.AlignHCenter
        color: Theme.bright
        name: "arrow-down"
        size: Theme.px(guide.tight ? 100 : 164)
        visible: guide.vm.ticket.paper_comes && !(guide.trouble && guide.tight)
    }

    Rectangle {
        Layout.fillWidth: true
        border.color: Theme.bright
        border.width: Theme.contrast ? Theme.px(3) : 0
        color: Theme.mild
        implicitHeight: warning.implicitHeight + Theme.px(48)
        radius: Theme.px(30)
        visible: guide.trouble

        RowLayout {
            id: warning

            anchors.left: parent.left
            anchors.margins: Theme.px(32)
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.px(28)

            Icon {
                name: "printer"
                size: Theme.px(72)
            }

            Label {
                Layout.fillWidth: true
                font.weight: Font.DemiBold
                objectName: "trouble"
                size: 38
                text: guide.vm.ticket.trouble
                wrapMode: Text.WordWrap
            }
        }
    }

    TextButton {
        Layout.alignment: Qt.AlignHCenter
        Layout.maximumWidth: guide.width
        Layout.minimumHeight: Theme.px(112)
        edge: ground
        ground: Theme.bright
        iconName: "printer"
        ink: Theme.brightInk
        leftPadding: Theme.px(44)
        objectName: "copy"
        rightPadding: Theme.px(44)
        size: 36
        text: qsTr("In lại phiếu (bản in lại)")
        visible: guide.vm.ticket.can_copy
        onClicked: guide.vm.tap(objectName)
    }

    Label {
        Layout.fillWidth: true
        color: Theme.nightInk
        font.weight: Font.DemiBold
        horizontalAlignment: Text.AlignHCenter
        lineHeight: 1.08
        objectName: "calling"
        size: guide.tight ? 40 : 44
        text: qsTr("Khi đến lượt, loa và màn hình sẽ mời quý vị đến quầy")
        visible: !(guide.trouble && guide.brief)
        wrapMode: Text.WordWrap
    }
}
