pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// How many stand before this number, and how long that may take.
RowLayout {
    id: row

    required property CitizenScreen vm

    spacing: 0

    Figures {
        note: qsTr("người chờ trước")
        value: row.vm.ticket.ahead
    }

    Rectangle {
        Layout.fillHeight: true
        Layout.preferredWidth: Math.max(1, Theme.px(3))
        color: Theme.line
        visible: row.vm.ticket.wait !== ""
    }

    Figures {
        note: row.vm.ticket.wait_label
        value: row.vm.ticket.wait
        visible: row.vm.ticket.wait !== ""
    }

    component Figures: ColumnLayout {
        id: figures

        required property string note
        required property string value

        Layout.fillWidth: true
        Layout.preferredWidth: 1
        spacing: 0

        Figure {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.px(12)
            Layout.rightMargin: Theme.px(12)
            font.variableAxes: ({ wght: 700 })
            fontSizeMode: row.vm.large ? Text.FixedSize : Text.HorizontalFit
            horizontalAlignment: Text.AlignHCenter
            lineHeight: 0.92
            minimumPixelSize: Theme.px(44)
            size: row.vm.large ? 62 : 74
            text: figures.value
            wrapMode: row.vm.large ? Text.WordWrap : Text.NoWrap
        }

        Label {
            Layout.fillWidth: true
            color: Theme.ink2
            horizontalAlignment: Text.AlignHCenter
            size: 34
            text: figures.note
            wrapMode: Text.WordWrap
        }
    }
}
