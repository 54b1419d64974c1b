pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// "Trang trước", "Trang 1/3", "Trang sau": in a line, or one below the other.
GridLayout {
    id: turner

    required property int page
    required property int pages
    property bool upright: false
    property color words: Theme.ink
    signal turn(int page)

    columnSpacing: Theme.gap(20)
    columns: upright ? 1 : 3
    rowSpacing: Theme.gap(20)

    Way {
        iconName: "arrow-left"
        name: "previousPage"
        text: qsTr("Trang trước")
        to: turner.page - 1
    }

    Label {
        Layout.alignment: Qt.AlignCenter
        Layout.fillWidth: turner.upright
        color: turner.words
        font.weight: Font.DemiBold
        horizontalAlignment: Text.AlignHCenter
        objectName: "pageOf"
        size: 30
        text: qsTr("Trang %1/%2").arg(turner.page + 1).arg(turner.pages)
        wrapMode: Text.WordWrap
    }

    Way {
        iconName: "arrow-right"
        name: "nextPage"
        text: qsTr("Trang sau")
        to: turner.page + 1
    }

    // Its place is kept where there is no such page, so that nothing moves under a finger.
    component Way: Item {
        id: way

        required property string iconName
        required property string name
        required property string text
        required property int to

        Layout.fillHeight: turner.upright
        Layout.fillWidth: true
        Layout.preferredWidth: 1
        implicitHeight: button.implicitHeight

        TextButton {
            id: button

            anchors.fill: parent
            ground: Theme.calm
            iconName: turner.upright ? "" : way.iconName
            leftPadding: Theme.px(10)
            objectName: way.name
            rightPadding: Theme.px(10)
            text: way.text
            visible: way.to >= 0 && way.to < turner.pages
            onClicked: turner.turn(way.to)
        }
    }
}
