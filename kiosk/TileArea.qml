pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// All services. They fill the room there is; what does not fit is on the next page.
Item {
    id: area

    required property CitizenScreen vm
    property bool wide: false
    property bool dense: false

    readonly property int columns: vm.large ? (wide ? 2 : 1) : (wide ? 4 : 2)
    readonly property real gap: Theme.gap(dense ? 20 : 24)
    // Where there is least height the way to the next page stands beside the tiles; its room is
    // kept even when all fit, so that the width never depends on the number of pages.
    readonly property bool strip: wide && vm.large
    readonly property real besides: strip ? more.width + gap : 0
    readonly property real below: strip ? 0 : more.height + Theme.px(12)
    readonly property real tileWidth: (width - besides - gap * (columns - 1)) / columns
    readonly property int page: vm.turned % pages
    property int pages: 1

    objectName: "tileArea"
    onColumnsChanged: arrange()
    onGapChanged: arrange()
    onHeightChanged: arrange()
    onPageChanged: arrange()
    onTileWidthChanged: arrange()

    // The height that each row of tiles needs; in the grid all rows are alike.
    function rowHeights(): list<real> {
        const rows = [];
        for (let index = 0; index < tiles.count; index++) {
            const row = Math.floor(index / columns);
            rows[row] = Math.max(rows[row] ?? 0, Math.ceil(tiles.itemAt(index)?.implicitHeight ?? 0));
        }
        return vm.large ? rows : rows.map(() => Math.max(...rows));
    }

    // What is left over on each page of so many rows.
    function spare(rows: list<real>, perPage: int, room: real): list<real> {
        const left = [];
        for (let first = 0; first < rows.length; first += perPage) {
            const page = rows.slice(first, first + perPage);
            left.push(room - page.reduce((sum, row) => sum + row, 0) - gap * (page.length - 1));
        }
        return left;
    }

    function arrange() {
        const rows = rowHeights();
        if (rows.length === 0 || width <= 0 || height <= 0)
            return;
        let count = 1;
        let perPage = rows.length;
        while (perPage > 1 && Math.min(...spare(rows, perPage, room(count))) < 0) {
            count += 1;
            perPage = Math.ceil(rows.length / count);
        }
        pages = Math.ceil(rows.length / perPage);
        place(rows, perPage, spare(rows, perPage, room(pages)));
    }

    // What a page has: with more than one, the way to the next takes some of it.
    function room(count: int): real {
        return count > 1 ? height - below : height - Theme.px(3);
    }

    // A last page with fewer rows keeps them as high as those before.
    function place(rows: list<real>, perPage: int, left: list<real>) {
        let top = 0;
        for (let index = 0; index < tiles.count; index++) {
            const tile = tiles.itemAt(index);
            if (!tile)
                continue;
            const row = Math.floor(index / columns);
            const onPage = Math.floor(row / perPage);
            const full = (onPage + 1) * perPage <= rows.length;
            const stretch = Math.max(0, Math.min(left[onPage], full ? left[onPage] : left[0])) / perPage;
            if (index % columns === 0)
                top = row % perPage === 0 ? 0 : top + rows[row - 1] + stretch + gap;
            tile.x = (index % columns) * (tileWidth + gap);
            tile.y = Math.round(top);
            tile.height = Math.floor(rows[row] + stretch);
            tile.visible = onPage === page;
        }
    }

    Repeater {
        id: tiles

        model: area.vm.tileCount
        onItemAdded: area.arrange()

        Loader {
            id: slot

            required property int index
            readonly property var tile: area.vm.home.tiles[index] ?? ({})

            visible: false
            width: area.tileWidth
            sourceComponent: area.vm.large ? large : normal
            onImplicitHeightChanged: area.arrange()

            Component {
                id: normal

                ServiceTile {
                    dense: area.dense
                    objectName: "service-" + slot.tile.code
                    tile: slot.tile
                    onClicked: area.vm.choose(slot.tile.code)
                }
            }

            Component {
                id: large

                WideTile {
                    objectName: "service-" + slot.tile.code
                    stacked: area.strip
                    tile: slot.tile
                    onClicked: area.vm.choose(slot.tile.code)
                }
            }
        }
    }

    Tappable {
        id: more

        anchors.bottom: parent.bottom
        anchors.horizontalCenter: area.strip ? undefined : parent.horizontalCenter
        anchors.right: area.strip ? parent.right : undefined
        height: area.strip ? area.height : implicitHeight
        objectName: "more"
        padding: Theme.px(10)
        text: qsTr("Xem thêm") + " " + words.text
        visible: area.pages > 1
        width: area.strip ? Theme.px(210) : Theme.px(620)
        onClicked: area.vm.tap(objectName)

        background: Rectangle {
            border.color: Theme.sea200
            border.width: Theme.px(2)
            color: more.pressed ? Theme.sea200 : Theme.sea100
            radius: Theme.px(30)
        }

        contentItem: Item {
            implicitHeight: grid.implicitHeight

            GridLayout {
                id: grid

                anchors.centerIn: parent
                columnSpacing: Theme.px(20)
                columns: area.strip ? 1 : 3
                rowSpacing: Theme.px(2)

                Label {
                    Layout.alignment: Qt.AlignHCenter
                    Layout.maximumWidth: area.strip ? more.availableWidth : -1
                    color: Theme.sea800
                    font.weight: Font.DemiBold
                    horizontalAlignment: Text.AlignHCenter
                    size: 30
                    text: qsTr("Xem thêm")
                    wrapMode: Text.WordWrap
                }

                Icon {
                    Layout.alignment: Qt.AlignHCenter
                    color: Theme.sea800
                    name: "arrow-right"
                    size: Theme.px(48)
                }

                Label {
                    id: words

                    Layout.alignment: Qt.AlignHCenter
                    Layout.maximumWidth: area.strip ? more.availableWidth : -1
                    color: Theme.sea800
                    horizontalAlignment: Text.AlignHCenter
                    size: 29
                    text: qsTr("trang %1/%2").arg(area.page + 1).arg(area.pages)
                    wrapMode: Text.WordWrap
                }
            }
        }
    }
}
