import QtQuick
import QtQuick.Layouts
import ui

// Language, size of text, and a person to help.
RowLayout {
    id: bar

    required property CitizenScreen vm
    readonly property string help: vm.home.help

    spacing: Theme.gap(20)

    TextButton {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.minimumWidth: implicitWidth
        Layout.preferredWidth: Math.max(Theme.px(211), implicitWidth)
        iconName: "languages"
        objectName: "language"
        text: bar.vm.home.english ? "Tiếng Việt" : "English"
        visible: bar.vm.home.bilingual
        onClicked: bar.vm.tap(objectName)
    }

    TextButton {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.preferredWidth: Math.max(Theme.px(211), implicitWidth)
        iconName: "a-large-small"
        objectName: "large"
        text: bar.vm.large ? qsTr("Chữ thường") : qsTr("Chữ to")
        onClicked: bar.vm.tap(objectName)
    }

    TextButton {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.preferredWidth: Math.max(Theme.px(274), implicitWidth)
        edge: ground
        ground: bar.help === "none" ? Theme.phuongDark : Theme.sea800
        iconName: bar.help === "coming" ? "check" : bar.help === "called" ? "bell" : ""
        ink: Theme.card
        objectName: "help"
        text: bar.vm.home.help_words
        onClicked: bar.vm.tap(objectName)
    }
}
