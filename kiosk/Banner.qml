import QtQuick
import QtQuick.Layouts
import ui

// A calm word about what does not work now and what to do.
Rectangle {
    id: banner

    required property HomeScreen vm
    readonly property string words: text()

    color: Theme.gold100
    implicitHeight: row.implicitHeight + Theme.px(28)
    radius: Theme.px(22)
    visible: words !== ""

    function text(): string {
        if (vm.reach === "nowhere")
            return qsTr("Nếu cần ngay, mời quý vị liên hệ quầy hoặc bàn hướng dẫn.");
        if (vm.printerTrouble)
            return qsTr("%1 Quý vị vẫn lấy được số, xin ghi nhớ số trên màn hình.").arg(printer.trouble(vm.printer));
        if (vm.reach === "book")
            return qsTr("Hệ thống đang tạm gián đoạn. Quý vị vẫn lấy được số.");
        return vm.printer === "ticket_present" ? qsTr("Còn phiếu ở khe in, mời quý vị nhận phiếu.") : "";
    }

    PrinterWords {
        id: printer
    }

    RowLayout {
        id: row

        anchors.left: parent.left
        anchors.margins: Theme.px(24)
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(20)

        Icon {
            name: "info"
            size: Theme.px(44)
        }

        Label {
            Layout.fillWidth: true
            objectName: "banner"
            size: 30
            text: banner.words
            wrapMode: Text.WordWrap
        }
    }
}
