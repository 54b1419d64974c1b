import QtQuick
import QtQuick.Layouts
import ui

// Why there is no number, or what became of it; returns by itself.
Rectangle {
    id: page

    required property Frame frame

    color: Theme.paper

    function title(): string {
        switch (frame.notice) {
        case "closed":
            return qsTr("Ngoài giờ lấy số");
        case "paused":
            return qsTr("%1 đang tạm nghỉ").arg(frame.about);
        case "full":
            return qsTr("%1 đã hết số hôm nay").arg(frame.about);
        case "too_fast":
            return qsTr("Mời quý vị chờ một lát");
        case "voided":
            return qsTr("Đã hủy số %1").arg(frame.about);
        case "not_voided":
            return qsTr("Chưa hủy được số %1").arg(frame.about);
        case "no_help":
            return qsTr("Chưa gọi được cán bộ");
        }
        return qsTr("Chưa lấy được số");
    }

    function advice(): string {
        switch (frame.notice) {
        case "closed":
            if (frame.hours !== "")
                return frame.hours;
            return frame.at === "" ? qsTr("Mời quý vị hỏi quầy hướng dẫn.") : qsTr("%1 lấy số từ %2.").arg(frame.about).arg(frame.at);
        case "paused":
            return frame.at === "" ? qsTr("Mời quý vị chọn việc khác hoặc hỏi quầy hướng dẫn.") : qsTr("Tiếp tục từ %1. Mời quý vị quay lại sau hoặc hỏi quầy hướng dẫn.").arg(frame.at);
        case "full":
            return qsTr("Mời quý vị liên hệ quầy để được hướng dẫn.");
        case "too_fast":
            return qsTr("Máy vừa cấp nhiều số liên tiếp. Mời quý vị thử lại sau ít phút.");
        case "voided":
            return qsTr("Mời quý vị bỏ phiếu cũ và chọn lại việc cần làm.");
        case "not_voided":
            return qsTr("Số này vẫn có giá trị. Nếu không dùng, xin quý vị báo cán bộ.");
        case "no_help":
            return qsTr("Mời quý vị đến quầy gần nhất.");
        }
        return qsTr("Mời quý vị liên hệ quầy để được lấy số.");
    }

    ColumnLayout {
        anchors.centerIn: parent
        spacing: Theme.px(36)
        width: parent.width - Theme.px(160)

        IconBox {
            Layout.alignment: Qt.AlignHCenter
            name: icons[page.frame.notice] ?? "info"
            size: 160

            readonly property var icons: ({
                    "closed": "clock",
                    "paused": "clock",
                    "too_fast": "clock",
                    "voided": "check"
                })
        }

        Label {
            Layout.fillWidth: true
            font.weight: Font.Bold
            horizontalAlignment: Text.AlignHCenter
            objectName: "noticeTitle"
            size: 60
            text: page.title()
            wrapMode: Text.WordWrap
        }

        Label {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            objectName: "noticeAdvice"
            size: 42
            text: page.advice()
            wrapMode: Text.WordWrap
        }

        TextButton {
            Layout.alignment: Qt.AlignHCenter
            Layout.minimumHeight: Theme.px(116)
            Layout.minimumWidth: Theme.px(420)
            Layout.topMargin: Theme.px(36)
            edge: ground
            ground: Theme.sea800
            ink: Theme.card
            objectName: "closeNotice"
            size: 38
            text: qsTr("Về trang đầu")
            onClicked: page.frame.closeNotice()
        }
    }
}
