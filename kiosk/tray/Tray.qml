pragma ComponentBehavior: Bound

import QtQuick
import ui
import kiosk.tray

// The papers that the simulated printer has printed, the newest on top.
Window {
    id: root

    required property PaperTray tray

    color: Theme.sea100
    minimumWidth: 240
    minimumHeight: 320
    title: qsTr("Khay giấy – máy in mô phỏng")

    Label {
        anchors.centerIn: parent
        width: parent.width - 48
        horizontalAlignment: Text.AlignHCenter
        visible: papers.count === 0
        wrapMode: Text.WordWrap
        color: Theme.ink2
        size: 20
        text: qsTr("Chạm một ô trên màn hình lấy số: phiếu in ra sẽ hiện ở đây.")
    }

    ListView {
        id: papers

        anchors.fill: parent
        anchors.margins: 20
        spacing: 24
        clip: true
        objectName: "papers"
        model: root.tray.images

        delegate: Rectangle {
            id: paper

            required property url modelData
            required property int index

            width: papers.width
            height: picture.height + 24
            color: Theme.card
            border.color: Theme.line
            opacity: index === 0 ? 1 : 0.6

            Image {
                id: picture

                x: 12
                y: 12
                width: parent.width - 24
                fillMode: Image.PreserveAspectFit
                source: paper.modelData
                asynchronous: false
                smooth: true
                mipmap: true
            }
        }
    }
}
