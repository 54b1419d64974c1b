import QtQuick
import QtQuick.Layouts
import ui

// For who does not know which service to choose: a number at the guidance desk.
Tappable {
    id: control

    required property HomeScreen vm
    property bool dense: false
    property bool wide: false
    readonly property bool brief: vm.large && tile.open === true
    readonly property var tile: vm.guidance

    bottomPadding: Theme.px(dense ? 14 : 26)
    leftPadding: Theme.px(brief ? 22 : 32)
    objectName: "guidance"
    rightPadding: Theme.px(brief ? 22 : 28)
    text: qsTr("Tôi chưa biết chọn ô nào")
    topPadding: Theme.px(dense ? 14 : 26)
    visible: tile.code !== undefined
    onClicked: vm.choose(tile.code)

    background: Rectangle {
        color: control.pressed ? Theme.sea200 : Theme.sea100
        radius: Theme.px(30)
        border.width: Theme.px(2)
        border.color: Theme.sea200
    }

    contentItem: RowLayout {
        spacing: Theme.px(24)

        IconBox {
            name: control.tile.icon ?? ""
            size: control.brief ? 84 : 96
            color: control.tile.open ? Theme.sea800 : Theme.ink2
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Label {
                Layout.fillWidth: true
                font.weight: Font.Bold
                lineHeight: 0.95
                size: control.brief && control.wide ? 38 : 42
                text: control.text
                wrapMode: Text.WordWrap
            }

            Label {
                Layout.fillWidth: true
                lineHeight: 0.95
                size: 29
                text: note(status.text)
                textFormat: Text.StyledText
                visible: !control.brief
                wrapMode: Text.WordWrap

                function note(how: string): string {
                    const desk = qsTr("Lấy số đến bàn hướng dẫn");
                    return how === "" ? desk : desk + " · " + how.charAt(0).toLowerCase() + how.slice(1);
                }
            }
        }
    }

    TileStatus {
        id: status

        tile: control.tile
        visible: false
    }
}
