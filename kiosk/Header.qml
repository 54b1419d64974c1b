import QtQuick
import QtQuick.Layouts
import ui

// Who the centre is, and what time it is.
Rectangle {
    id: header

    required property CitizenScreen vm
    required property WallClock clock
    property bool wide: false
    property bool dense: false
    signal emblemTouched

    color: Theme.night
    implicitHeight: Math.max(Theme.px(wide ? 112 : dense ? 176 : 189), row.implicitHeight + Theme.px(wide ? 12 : 24))

    RowLayout {
        id: row

        anchors.fill: parent
        anchors.leftMargin: Theme.px(56)
        anchors.rightMargin: Theme.px(56)
        spacing: Theme.px(28)

        IconBox {
            color: Theme.emblem
            name: "ticket-check"
            objectName: "emblem"
            size: header.wide ? 80 : 96

            // Five touches open the maintenance menu; to citizens it does nothing.
            MouseArea {
                anchors.fill: parent
                onPressed: header.emblemTouched()
            }
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Label {
                Layout.fillWidth: true
                Layout.maximumWidth: header.wide ? -1 : Theme.sp(362)
                color: Theme.nightInk
                font.weight: Font.Bold
                size: 31
                text: header.vm.home.centre
                wrapMode: Text.WordWrap
            }

            Label {
                Layout.fillWidth: true
                color: Theme.nightNote
                size: 27
                text: header.vm.home.place
                wrapMode: Text.WordWrap
            }
        }

        ColumnLayout {
            spacing: -Theme.px(8)

            Figure {
                Layout.alignment: Qt.AlignRight
                color: Theme.nightInk
                font.variableAxes: ({ wght: 700 })
                size: header.wide ? 50 : 60
                text: header.clock.time
            }

            Label {
                Layout.alignment: Qt.AlignRight
                color: Theme.nightNote
                size: 27
                text: header.clock.date
            }
        }
    }
}
