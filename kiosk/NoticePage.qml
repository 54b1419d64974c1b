pragma ComponentBehavior: Bound

import QtQuick
import ui

// Why there is no number, or what became of it; returns by itself.
Rectangle {
    id: page

    required property CitizenScreen vm
    property bool wide: false

    color: Theme.paper

    PagedFlow {
        id: words

        centred: true
        gap: Theme.gap(36)
        height: close.y - y - Theme.gap(36)
        turned: page.vm.leaf
        width: page.width - 2 * x
        x: Theme.px(80)
        y: Theme.px(60)
        onTurn: to => page.vm.turnTo(to)

        Cell {
            whole: true

            sourceComponent: Item {
                implicitHeight: sign.implicitHeight

                IconBox {
                    id: sign

                    anchors.horizontalCenter: parent.horizontalCenter
                    name: page.vm.notice.icon
                    size: 160
                }
            }
        }

        Cell {
            whole: true

            sourceComponent: Label {
                font.weight: Font.Bold
                horizontalAlignment: Text.AlignHCenter
                objectName: "noticeTitle"
                size: 60
                text: page.vm.notice.title
                wrapMode: Text.WordWrap
            }
        }

        Cell {
            whole: true

            sourceComponent: Label {
                horizontalAlignment: Text.AlignHCenter
                objectName: "noticeAdvice"
                size: 42
                text: page.vm.notice.advice
                wrapMode: Text.WordWrap
            }
        }
    }

    TextButton {
        id: close

        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.px(page.vm.low || page.wide ? 60 : 480)
        anchors.horizontalCenter: parent.horizontalCenter
        edge: ground
        ground: Theme.main
        height: Math.max(Theme.px(116), implicitHeight)
        ink: Theme.mainInk
        objectName: "closeNotice"
        size: 38
        text: qsTr("Về trang đầu")
        width: Math.max(Theme.px(420), implicitWidth)
        onClicked: page.vm.tap(objectName)
    }
}
