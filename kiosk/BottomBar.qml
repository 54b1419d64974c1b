pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// Language, speech, how the screen is seen, and a person to help.
GridLayout {
    id: bar

    required property CitizenScreen vm
    property bool wide: false
    readonly property string help: vm.home.help

    columnSpacing: Theme.gap(20)
    columns: wide ? 2 : 1
    rowSpacing: Theme.gap(20)

    RowLayout {
        id: first

        Layout.fillHeight: true
        Layout.fillWidth: true
        spacing: Theme.gap(20)

        BarButton {
            iconName: "languages"
            objectName: "language"
            text: bar.vm.home.other_language
            visible: bar.vm.home.bilingual
        }

        BarButton {
            iconName: "a-large-small"
            objectName: "large"
            text: bar.vm.large ? qsTr("Chữ thường") : qsTr("Chữ to")
        }

        BarButton {
            edge: bar.vm.home.speaking ? ground : Theme.edge
            ground: bar.vm.home.speaking ? Theme.main : Theme.card
            iconName: "volume-2"
            ink: bar.vm.home.speaking ? Theme.mainInk : Theme.link
            objectName: "speech"
            text: bar.vm.home.speaking ? qsTr("Tắt đọc") : qsTr("Nghe đọc")
            visible: bar.vm.home.offers_speech
        }
    }

    RowLayout {
        id: second

        Layout.fillHeight: true
        Layout.fillWidth: true
        spacing: Theme.gap(20)

        BarButton {
            iconName: "contrast"
            objectName: "contrast"
            text: bar.vm.contrast ? qsTr("Nền sáng") : qsTr("Nền đen")
        }

        BarButton {
            iconName: bar.vm.low ? "arrow-up-to-line" : "arrow-down-to-line"
            objectName: "low"
            text: bar.vm.low ? qsTr("Như thường") : qsTr("Hạ thấp")
        }
    }

    BarButton {
        edge: ground
        ground: bar.help === "none" ? Theme.aid : Theme.main
        iconName: bar.help === "coming" ? "check" : bar.help === "called" ? "bell" : ""
        ink: bar.help === "none" ? Theme.aidInk : Theme.mainInk
        objectName: "help"
        parent: bar.wide || bar.vm.large ? second : first
        text: bar.vm.home.help_words
    }

    component BarButton: TextButton {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.minimumHeight: Theme.px(81)
        Layout.minimumWidth: text.includes(" ") ? 0 : implicitWidth
        Layout.preferredWidth: implicitWidth
        leftPadding: Theme.px(10)
        rightPadding: Theme.px(10)
        onClicked: bar.vm.tap(objectName)
    }
}
