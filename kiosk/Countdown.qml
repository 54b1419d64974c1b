import QtQuick
import QtQuick.Layouts
import ui

// Is somebody still there? A touch anywhere says so, and does nothing else.
Overlay {
    id: countdown

    required property CitizenScreen vm

    onTouchedBeside: vm.tap("moreTime")

    Label {
        Layout.fillWidth: true
        font.weight: Font.Bold
        horizontalAlignment: Text.AlignHCenter
        size: 50
        text: qsTr("Quý vị cần thêm thời gian?")
        wrapMode: Text.WordWrap
    }

    Figure {
        Layout.fillWidth: true
        color: Theme.link
        horizontalAlignment: Text.AlignHCenter
        font.variableAxes: ({ wght: 800 })
        lineHeight: 0.9
        objectName: "secondsLeft"
        size: 130
        text: countdown.vm.secondsLeft
    }

    Label {
        Layout.fillWidth: true
        horizontalAlignment: Text.AlignHCenter
        size: 36
        text: qsTr("giây nữa, màn hình trở về trang đầu")
        wrapMode: Text.WordWrap
    }

    TextButton {
        Layout.fillWidth: true
        Layout.minimumHeight: Theme.px(130)
        Layout.topMargin: Theme.px(20)
        edge: ground
        ground: Theme.bright
        ink: Theme.brightInk
        objectName: "moreTime"
        size: 42
        text: qsTr("Tôi cần thêm thời gian")
        onClicked: countdown.vm.tap(objectName)
    }
}
