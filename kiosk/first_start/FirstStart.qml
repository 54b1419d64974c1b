pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui
import kiosk.first_start

// The first start on the screen of a machine that does all: in front of the kiosk until there is an
// administrator. Without a touch or a key it shows nothing secret.
Window {
    id: root

    required property FirstStartScreen vm
    required property WallClock clock
    readonly property bool shown: vm.stage === "shown"
    readonly property real unit: Math.min(width / 1920, height / 1080)

    function px(measure: real): real {
        return Math.round(measure * unit);
    }

    color: Theme.sea900
    flags: Qt.Window | Qt.FramelessWindowHint | Qt.WindowStaysOnTopHint
    title: qsTr("Máy chủ mới")

    onClosing: close => close.accepted = false

    component Line: Text {
        property real size: 30

        Layout.fillWidth: true
        color: Theme.sea200
        font.family: Theme.textFamily
        font.pixelSize: Math.max(10, root.px(size))
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
    }

    Item {
        anchors.fill: parent
        focus: true
        objectName: "touch"
        Keys.onPressed: root.vm.press()

        MouseArea {
            anchors.fill: parent
            onClicked: root.vm.press()
        }
    }

    Rectangle {
        id: header

        color: Theme.sea850
        height: root.px(84)
        width: parent.width

        Line {
            anchors.left: parent.left
            anchors.leftMargin: root.px(120)
            anchors.verticalCenter: parent.verticalCenter
            color: Theme.card
            font.weight: Font.Bold
            text: "Đến Lượt · " + root.title
        }

        Text {
            anchors.right: parent.right
            anchors.rightMargin: root.px(120)
            anchors.verticalCenter: parent.verticalCenter
            color: Theme.card
            font.family: Theme.numberFamily
            font.pixelSize: root.px(46)
            text: root.clock.time
        }
    }

    ColumnLayout {
        id: words

        anchors.left: parent.left
        anchors.leftMargin: root.px(120)
        anchors.top: header.bottom
        anchors.topMargin: root.px(60)
        spacing: root.px(18)
        width: root.shown && root.vm.address ? root.px(1080) : root.width - root.px(240)

        Line {
            color: Theme.card
            font.weight: Font.Bold
            objectName: "says"
            size: 66
            text: {
                switch (root.vm.stage) {
                case "shown":
                    return root.vm.address ? qsTr("Mở trang này trên điện thoại hoặc máy tính") : qsTr("Chưa có mạng: mời cắm dây mạng");
                case "waiting":
                    return qsTr("Chạm màn hình để hiện mã khai báo");
                case "ended":
                    return qsTr("Mã đã hết hạn hoặc bị hủy. Chạm màn hình để hiện mã mới");
                case "over":
                    return qsTr("Đã có tài khoản quản trị");
                default:
                    return qsTr("Máy chủ đang khởi động");
                }
            }
        }

        Line {
            size: 34
            text: qsTr("để khai báo Trung tâm của quý vị, khoảng 10 phút.")
            visible: root.vm.stage !== "over"
        }

        Line {
            Layout.topMargin: root.px(24)
            text: qsTr("Địa chỉ trong mạng nội bộ")
            visible: root.shown && root.vm.address !== ""
        }

        Line {
            color: Theme.gold
            font.family: Theme.numberFamily
            font.weight: Font.Bold
            fontSizeMode: Text.HorizontalFit
            objectName: "address"
            size: 62
            text: root.vm.address
            visible: root.shown && text !== ""
            wrapMode: Text.NoWrap
        }

        Line {
            Layout.topMargin: root.px(24)
            text: qsTr("Mã khai báo, chỉ hiện trên màn hình này, còn %1").arg(root.vm.left)
            visible: root.shown
        }

        Line {
            color: Theme.card
            font.family: Theme.numberFamily
            font.weight: Font.Bold
            objectName: "code"
            size: 58
            text: root.shown ? root.vm.code : ""
            visible: text !== ""
            wrapMode: Text.NoWrap
        }

        Line {
            Layout.topMargin: root.px(12)
            objectName: "trust"
            size: 26
            text: qsTr("Trước đó, để trình duyệt không cảnh báo:") + " " + root.vm.trust
            visible: root.shown && root.vm.trust !== ""
        }

        Line {
            size: 24
            text: (root.vm.trust ? qsTr("Chứng nhận gốc của đơn vị (SHA-256), xem denluot-ca:") : qsTr("Chứng nhận của máy chủ (SHA-256):")) + "\n" + root.vm.certificate
            visible: root.shown && root.vm.certificate !== ""
        }
    }

    Rectangle {
        id: card

        anchors.right: parent.right
        anchors.rightMargin: root.px(120)
        anchors.top: header.bottom
        anchors.topMargin: root.px(105)
        color: Theme.card
        height: root.px(650)
        radius: root.px(36)
        visible: root.shown && root.vm.qr.length > 0
        width: root.px(560)

        Item {
            id: picture

            readonly property int module: Math.floor(root.px(432) / root.vm.modules)

            anchors.horizontalCenter: parent.horizontalCenter
            height: module * root.vm.modules
            objectName: "qr"
            width: height
            y: root.px(64)

            Repeater {
                model: root.vm.qr

                Rectangle {
                    required property var modelData

                    color: Theme.ink
                    height: picture.module
                    width: picture.module * modelData[2]
                    x: picture.module * modelData[0]
                    y: picture.module * modelData[1]
                }
            }
        }

        Line {
            anchors.bottom: hint.top
            color: Theme.ink
            font.weight: Font.Bold
            horizontalAlignment: Text.AlignHCenter
            text: qsTr("Quét mã bằng điện thoại")
            width: parent.width
        }

        Line {
            id: hint

            anchors.bottom: parent.bottom
            anchors.bottomMargin: root.px(28)
            color: Theme.ink2
            horizontalAlignment: Text.AlignHCenter
            size: 26
            text: qsTr("điện thoại cùng mạng với máy chủ")
            width: parent.width
        }
    }

    Rectangle {
        anchors.bottom: parent.bottom
        color: Theme.sea850
        height: root.px(140)
        width: parent.width

        Line {
            anchors.fill: parent
            anchors.leftMargin: root.px(120)
            anchors.rightMargin: root.px(120)
            size: 28
            text: root.shown ? qsTr("Chạm màn hình: mã mới, mã này bị hủy.") + "  ·  " + "Touch the screen for a new code; this one ends." : "Touch the screen or press a key to show the code of the first start."
            verticalAlignment: Text.AlignVCenter
            visible: root.vm.stage !== "over"
        }
    }
}
