import QtQuick
import QtQuick.Layouts
import ui

// Why there is no number, or what became of it; returns by itself.
Rectangle {
    id: page

    required property CitizenScreen vm

    color: Theme.paper

    ColumnLayout {
        anchors.centerIn: parent
        spacing: Theme.px(36)
        width: parent.width - Theme.px(160)

        IconBox {
            Layout.alignment: Qt.AlignHCenter
            name: page.vm.notice.icon
            size: 160
        }

        Label {
            Layout.fillWidth: true
            font.weight: Font.Bold
            horizontalAlignment: Text.AlignHCenter
            objectName: "noticeTitle"
            size: 60
            text: page.vm.notice.title
            wrapMode: Text.WordWrap
        }

        Label {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            objectName: "noticeAdvice"
            size: 42
            text: page.vm.notice.advice
            wrapMode: Text.WordWrap
        }

        TextButton {
            Layout.alignment: Qt.AlignHCenter
            Layout.minimumHeight: Theme.px(116)
            Layout.minimumWidth: Theme.px(420)
            Layout.topMargin: Theme.px(36)
            edge: ground
            ground: Theme.main
            ink: Theme.mainInk
            objectName: "closeNotice"
            size: 38
            text: qsTr("Về trang đầu")
            onClicked: page.vm.tap(objectName)
        }
    }
}
