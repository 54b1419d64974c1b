import QtQuick
import QtQuick.Layouts
import ui

// Is the number really to be given back? Keeping it is the large answer.
Overlay {
    id: question

    required property CitizenScreen vm

    onTouchedBeside: vm.tap("keepNumber")

    Label {
        Layout.fillWidth: true
        font.weight: Font.Bold
        horizontalAlignment: Text.AlignHCenter
        objectName: "question"
        size: 60
        text: question.vm.ticket.question
        wrapMode: Text.WordWrap
    }

    Label {
        Layout.fillWidth: true
        horizontalAlignment: Text.AlignHCenter
        size: 36
        text: qsTr("Phiếu của số này sẽ không còn giá trị.")
        wrapMode: Text.WordWrap
    }

    RowLayout {
        Layout.topMargin: Theme.px(28)
        spacing: Theme.gap(28)

        TextButton {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.minimumHeight: Theme.px(130)
            Layout.preferredWidth: 3
            edge: ground
            ground: Theme.bright
            ink: Theme.brightInk
            objectName: "keepNumber"
            size: 42
            text: qsTr("Giữ số")
            onClicked: question.vm.tap(objectName)
        }

        TextButton {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.minimumHeight: Theme.px(130)
            Layout.preferredWidth: 2
            edge: Theme.figure
            ink: Theme.figure
            objectName: "void"
            size: 42
            text: qsTr("Hủy số")
            onClicked: question.vm.tap(objectName)
        }
    }
}
