import QtQuick
import ui

// The numbers that were called and did not come, as many as there is room for.
Rectangle {
    id: missed

    required property BoardScreen vm
    readonly property bool narrow: width < Theme.px(520)
    readonly property real margin: Theme.px(30)
    // A number of four digits with its dot, a little narrowed.
    readonly property real each: Theme.px(205)
    readonly property real room: width - 2 * margin - (narrow ? 0 : word.width + Theme.px(30))
    // Beside which part of them this is.
    readonly property real pagedRoom: room - (narrow ? 0 : Theme.px(90))
    readonly property int fit: Math.max(1, Math.floor((pagedRoom + Theme.px(46)) / each))

    radius: Theme.px(22)
    color: "transparent"
    border.color: vm.stale ? Theme.greyedNight : Theme.sea500
    border.width: Theme.px(2)

    onFitChanged: vm.fitMissed(fit)
    Component.onCompleted: vm.fitMissed(fit)

    Label {
        id: word
        x: missed.margin
        y: missed.narrow ? Theme.px(10) : (parent.height - height) / 2
        text: qsTr("Lỡ lượt")
        color: missed.vm.stale ? Theme.greyed : Theme.sea200
        size: missed.narrow ? 32 : 44
    }

    Label {
        anchors.left: word.right
        anchors.leftMargin: Theme.px(16)
        anchors.baseline: word.baseline
        visible: missed.vm.missedPage !== ""
        text: "(" + missed.vm.missedPage + ")"
        color: word.color
        size: missed.narrow ? 28 : 32
    }

    Digits {
        id: numbers
        objectName: "missedNumbers"
        anchors.right: parent.right
        anchors.rightMargin: missed.margin
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: missed.narrow ? Theme.px(18) : 0
        text: missed.vm.missed.join(" · ")
        size: 90
        weight: 560
        room: missed.vm.missedPage ? missed.pagedRoom : missed.room
        color: word.color
    }
}
