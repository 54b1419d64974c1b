import QtQuick
import QtQuick.Layouts
import ui

// Below the number: where the paper comes out, or what to do when it does not.
ColumnLayout {
    id: guide

    required property TicketScreen vm
    property bool brief: false
    readonly property bool doubtful: vm.paper === "unproven"
    readonly property bool stopped: ["paper_out", "cover_open", "cutter_error", "overheated", "offline"].includes(vm.trouble)
    readonly property bool trouble: doubtful || vm.paper === "failed" || vm.paper === "unknown"

    spacing: Theme.px(brief ? 20 : 36)

    Icon {
        Layout.alignment: Qt.AlignHCenter
        color: Theme.gold
        name: "arrow-down"
        size: Theme.px(164)
        visible: !guide.trouble || guide.doubtful && !guide.brief
    }

    Rectangle {
        Layout.fillWidth: true
        color: Theme.gold100
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
                text: words()
                wrapMode: Text.WordWrap

                function words(): string {
                    if (guide.doubtful)
                        return qsTr("Nếu chưa thấy phiếu, xin ghi nhớ số này hoặc lấy bản in lại.");
                    if (guide.stopped)
                        return qsTr("%1 Xin ghi nhớ số này hoặc báo cán bộ.").arg(printer.trouble(guide.vm.trouble));
                    return qsTr("Chưa in được phiếu. Xin ghi nhớ số này hoặc báo cán bộ.");
                }
            }
        }
    }

    PrinterWords {
        id: printer
    }

    TextButton {
        Layout.alignment: Qt.AlignHCenter
        Layout.maximumWidth: guide.width
        Layout.minimumHeight: Theme.px(112)
        edge: Theme.gold
        ground: Theme.gold
        iconName: "printer"
        leftPadding: Theme.px(44)
        rightPadding: Theme.px(44)
        ink: Theme.ink
        objectName: "copy"
        size: 36
        text: qsTr("In lại phiếu (bản in lại)")
        visible: guide.vm.canCopy
        onClicked: guide.vm.printCopy()
    }

    Label {
        Layout.fillWidth: true
        color: Theme.card
        font.weight: Font.DemiBold
        horizontalAlignment: Text.AlignHCenter
        lineHeight: 1.08
        size: 44
        text: qsTr("Khi đến lượt, loa và màn hình sẽ mời quý vị đến quầy")
        visible: !(guide.trouble && guide.brief)
        wrapMode: Text.WordWrap
    }
}
