pragma ComponentBehavior: Bound

import QtQuick
import ui

// Who is next, and one sentence at a time: side by side, or `stacked`.
Rectangle {
    id: footer

    required property BoardScreen vm
    property bool stacked: false

    height: Theme.px(stacked ? 214 : 138)
    color: Theme.sea850

    NextNumbers {
        id: upNext
        vm: footer.vm
        x: Theme.px(40)
        y: Theme.px(footer.stacked ? 4 : 0)
        chipSize: footer.stacked ? 34 : 44
        gap: footer.stacked ? 30 : 36
        width: footer.stacked ? parent.width - 2 * x : Math.round(parent.width * 0.605) - x
        height: footer.stacked ? Theme.px(108) : parent.height
    }

    BottomLine {
        vm: footer.vm
        alignment: footer.stacked ? Text.AlignLeft : Text.AlignRight
        width: footer.stacked ? upNext.width : Math.round(parent.width * 0.365)
        x: footer.stacked ? upNext.x : parent.width - width - Theme.px(40)
        y: footer.stacked ? upNext.y + upNext.height : 0
        height: parent.height - y - Theme.px(footer.stacked ? 10 : 0)
    }

    // As many whole numbers as there is room for.
    component NextNumbers: Item {
        id: next

        required property BoardScreen vm
        property real chipSize: 44
        property real gap: 36

        Rectangle {
            id: chip
            anchors.verticalCenter: parent.verticalCenter
            width: words.width + Theme.px(48)
            height: Theme.px(76)
            radius: Theme.px(16)
            color: next.vm.stale ? Theme.greyed : Theme.gold

            Label {
                id: words
                objectName: "following"
                anchors.centerIn: parent
                text: next.vm.following === "next" ? qsTr("Sắp đến lượt")
                    : next.vm.following === "not_open" ? qsTr("Quầy chưa mở") : qsTr("Chưa có người chờ")
                size: next.chipSize
                font.weight: Font.Bold
            }
        }

        Row {
            id: numbers
            anchors.left: chip.right
            anchors.leftMargin: Theme.px(next.gap - 4)
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.px(next.gap)

            Repeater {
                model: 5

                Digits {
                    required property int index
                    objectName: "next" + index
                    text: next.vm.nextNumbers[index] ?? ""
                    size: 91
                    color: next.vm.stale ? Theme.greyed : Theme.card
                    opacity: numbers.x + x + width <= next.width ? 1 : 0
                }
            }
        }
    }

    // The sentence stands while it fits, else it runs to its end.
    component BottomLine: Item {
        id: bottom

        required property BoardScreen vm
        property int alignment: Text.AlignRight
        readonly property bool fits: still.implicitWidth <= width
        readonly property real speed: Theme.px(120)
        readonly property int letters: Math.floor(width / metrics.averageCharacterWidth)

        clip: true
        onLettersChanged: vm.fitLetters(letters)
        Component.onCompleted: vm.fitLetters(letters)

        FontMetrics {
            id: metrics
            font: still.font
        }

        Label {
            id: still
            objectName: "stillText"
            visible: bottom.fits
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width
            horizontalAlignment: bottom.alignment
            text: bottom.vm.line
            color: Theme.card
            size: 42
        }

        Label {
            id: running
            objectName: "runningText"
            visible: !bottom.fits
            anchors.verticalCenter: parent.verticalCenter
            text: bottom.fits ? "" : bottom.vm.line
            color: Theme.card
            size: 42
            onTextChanged: run.restart()

            SequentialAnimation on x {
                id: run
                running: !bottom.fits && bottom.width > 0
                loops: Animation.Infinite

                PropertyAction {
                    value: 0
                }

                PauseAnimation {
                    duration: 2000
                }

                NumberAnimation {
                    to: bottom.width - running.width
                    duration: 1000 * Math.max(1, running.width - bottom.width) / bottom.speed
                }

                PauseAnimation {
                    duration: 2000
                }
            }
        }
    }
}
