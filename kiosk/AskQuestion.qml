import QtQuick
import QtQuick.Layouts
import ui

// Many people stand before this number: is it wanted all the same?
Overlay {
    id: question

    required property CitizenScreen vm

    onTouchedBeside: vm.tap("leaveAsked")

    Label {
        Layout.fillWidth: true
        font.weight: Font.Bold
        horizontalAlignment: Text.AlignHCenter
        objectName: "askQuestion"
        size: 56
        text: question.vm.ask.question
        wrapMode: Text.WordWrap
    }

    Label {
        Layout.fillWidth: true
        horizontalAlignment: Text.AlignHCenter
        size: 36
        text: question.vm.ask.wait === "" ? question.vm.ask.service : question.vm.ask.service + " · " + question.vm.ask.wait
        wrapMode: Text.WordWrap
    }

    RowLayout {
        Layout.topMargin: Theme.px(28)
        spacing: Theme.gap(28)

        TextButton {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.minimumHeight: Theme.px(130)
            Layout.preferredWidth: 1
            edge: ground
            ground: Theme.bright
            ink: Theme.brightInk
            objectName: "takeAsked"
            size: 42
            text: question.vm.ask.yes
            onClicked: question.vm.tap(objectName)
        }

        TextButton {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.minimumHeight: Theme.px(130)
            Layout.preferredWidth: 1
            edge: Theme.link
            objectName: "leaveAsked"
            size: 42
            text: question.vm.ask.no
            onClicked: question.vm.tap(objectName)
        }
    }
}
