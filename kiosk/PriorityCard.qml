import QtQuick
import QtQuick.Layouts
import ui

// The switch for people with priority; above the services, because one tap prints.
Tappable {
    id: control

    required property CitizenScreen vm
    property bool dense: false

    Accessible.checkable: true
    Accessible.checked: vm.home.priority
    Accessible.role: Accessible.CheckBox
    bottomPadding: Theme.px(dense ? 12 : 26)
    checkable: false
    leftPadding: Theme.px(vm.large ? 30 : 38)
    objectName: "priority"
    rightPadding: Theme.px(vm.large ? 24 : 34)
    text: qsTr("Tôi thuộc diện ưu tiên")
    topPadding: Theme.px(dense ? 12 : 26)
    onClicked: vm.tap(objectName)

    background: Rectangle {
        color: Theme.mild
        radius: Theme.px(30)
        border.width: Theme.px(control.vm.home.priority ? 6 : 3)
        border.color: Theme.bright
    }

    contentItem: RowLayout {
        spacing: Theme.px(control.vm.large ? 18 : 32)

        Icon {
            name: "accessibility"
            objectName: "prioritySign"
            size: Theme.px(64)
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Label {
                Layout.fillWidth: true
                font.weight: Font.Bold
                lineHeight: 0.95
                size: 38
                text: control.text
                wrapMode: Text.WordWrap
            }

            Label {
                Layout.fillWidth: true
                Layout.maximumWidth: control.vm.large ? -1 : Theme.sp(535)
                size: 29
                text: control.vm.home.priority_hint
                wrapMode: Text.WordWrap
            }
        }

        Rectangle {
            implicitWidth: Theme.px(140)
            implicitHeight: Theme.px(82)
            radius: height / 2
            color: control.vm.home.priority ? Theme.main : Theme.card
            border.width: Theme.px(3)
            border.color: control.vm.home.priority ? Theme.main : Theme.ink2

            Rectangle {
                x: control.vm.home.priority ? parent.width - width - Theme.px(11) : Theme.px(11)
                anchors.verticalCenter: parent.verticalCenter
                width: Theme.px(60)
                height: Theme.px(60)
                radius: height / 2
                color: control.vm.home.priority ? Theme.thumb : Theme.ink2

                Icon {
                    anchors.centerIn: parent
                    color: Theme.thumbInk
                    name: "check"
                    size: Theme.px(44)
                    visible: control.vm.home.priority
                }

                Behavior on x {
                    NumberAnimation {
                        duration: Theme.fast
                        easing.type: Easing.OutQuad
                    }
                }
            }
        }
    }
}
