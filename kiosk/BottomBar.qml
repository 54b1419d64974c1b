import QtQuick
import QtQuick.Layouts
import ui

// Language, size of text, and a person to help.
RowLayout {
    id: bar

    required property HomeScreen vm

    spacing: Theme.px(20)

    TextButton {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.preferredWidth: Math.max(Theme.px(211), implicitWidth)
        iconName: "languages"
        objectName: "language"
        text: bar.vm.english ? "Tiếng Việt" : "English"
        visible: bar.vm.bilingual
        onClicked: bar.vm.toggleLanguage()
    }

    TextButton {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.preferredWidth: Math.max(Theme.px(211), implicitWidth)
        iconName: "a-large-small"
        objectName: "large"
        text: bar.vm.large ? qsTr("Chữ nhỏ") : qsTr("Chữ to")
        onClicked: bar.vm.toggleLarge()
    }

    TextButton {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.preferredWidth: Math.max(Theme.px(274), implicitWidth)
        edge: ground
        ground: bar.vm.help === "none" ? Theme.phuong : Theme.sea800
        iconName: bar.vm.help === "coming" ? "check" : ""
        ink: Theme.card
        objectName: "help"
        text: words(bar.vm.help)
        onClicked: bar.vm.callHelp()

        function words(help: string): string {
            if (help === "calling")
                return qsTr("Đang gọi cán bộ…");
            return help === "coming" ? qsTr("Cán bộ đang đến") : qsTr("Gọi người giúp");
        }
    }
}
