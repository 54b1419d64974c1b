import QtQuick
import ui

// The number, as large as its room, what it is, and whether it goes first.
Item {
    id: block

    required property CitizenScreen vm
    // The least height of the digits.
    property real least: 220

    implicitHeight: words.height + (mark.text === "" ? 0 : pill.height + Theme.px(8)) + Theme.px(least)

    Label {
        id: words

        color: Theme.ink2
        horizontalAlignment: Text.AlignHCenter
        size: 40
        text: qsTr("Số thứ tự của quý vị")
        width: parent.width
        wrapMode: Text.WordWrap
    }

    // That this is a priority number, as on the paper.
    Rectangle {
        id: pill

        anchors.horizontalCenter: parent.horizontalCenter
        border.color: Theme.bright
        border.width: Theme.px(3)
        color: Theme.mild
        height: mark.height + Theme.px(12)
        radius: height / 2
        visible: mark.text !== ""
        width: mark.width + Theme.px(56)
        y: words.height + Theme.px(8)

        Label {
            id: mark

            anchors.centerIn: parent
            font.weight: Font.Bold
            objectName: "mark"
            size: 38
            text: block.vm.ticket.mark
        }
    }

    Item {
        anchors.bottom: parent.bottom
        anchors.top: pill.visible ? pill.bottom : words.bottom
        width: parent.width

        FocusRing {
            anchors.margins: Theme.px(14)
            stop: "number"
        }

        Text {
            anchors.centerIn: parent
            color: Theme.figure
            font.family: Theme.numberFamily
            font.letterSpacing: -Theme.px(6)
            font.pixelSize: Theme.px(340)
            font.variableAxes: ({ wght: 800 })
            fontSizeMode: Text.Fit
            height: parent.height * 1.3
            horizontalAlignment: Text.AlignHCenter
            objectName: "number"
            text: block.vm.ticket.number
            textFormat: Text.PlainText
            verticalAlignment: Text.AlignVCenter
            width: parent.width
        }
    }
}
