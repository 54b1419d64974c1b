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
            return qsTr("Máy in tạm ngừng. Quý vị vẫn lấy được số, xin ghi nhớ số trên màn hình.");
        return vm.reach === "book" ? qsTr("Hệ thống đang tạm gián đoạn. Quý vị vẫn lấy được số.") : "";
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
