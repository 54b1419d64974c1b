pragma ComponentBehavior: Bound

import QtQuick
import ui

// Cells in rows that fill the room there is; what does not fit is on the next page, and nothing
// scrolls. It takes as many columns as leave every row whole.
Item {
    id: flow

    default property alias cells: holder.data
    property int mostColumns: 1
    property bool alike: false
    property bool beside: false
    property bool centred: false
    property real gap: Theme.gap(24)
    required property int turned
    signal turn(int page)

    // Where there is least height the way to other pages stands beside the cells; its room is kept
    // even when all fit, so that the width never depends on the number of pages.
    readonly property real free: beside ? width - turner.width - gap : width
    readonly property int page: Math.max(0, Math.min(followed >= 0 ? followed : turned, pages - 1))
    // The page on which the keys are, or -1.
    property int followed: -1
    property int columns: 1
    property int pages: 1
    property bool arranging: false

    onAlikeChanged: later()
    onBesideChanged: later()
    onFreeChanged: later()
    onGapChanged: later()
    onHeightChanged: later()
    onMostColumnsChanged: later()
    onPageChanged: later()

    // Never amid the binding that has just changed a height.
    function later() {
        Qt.callLater(arrange);
    }

    function arrange() {
        if (arranging || free <= 0 || height <= 0)
            return;
        arranging = true;
        let rows = [];
        for (columns = mostColumns; columns > 0; columns--) {
            rows = rowsNow();
            if (columns === 1 || Math.max(...rows.map(row => row.height)) <= room(paged([...rows], room(1)).length))
                break;
        }
        place(paged(rows, room(paged(rows, room(1)).length)));
        arranging = false;
    }

    // What a page has: with more than one, the way to the others takes some of it.
    function room(count: int): real {
        return count > 1 && !beside ? height - turner.implicitHeight - gap : height - Theme.px(3);
    }

    function rowsNow(): list<var> {
        const rows = [];
        for (const cell of holder.children) {
            if (cell.whole === undefined || !cell.present)
                continue;
            const last = rows[rows.length - 1];
            cell.width = cell.whole ? free : Math.floor((free - gap * (columns - 1)) / columns);
            if (last && !cell.whole && !cell.begins && !last.whole && last.cells.length < columns)
                last.cells.push(cell);
            else
                rows.push({ cells: [cell], whole: cell.whole, grid: cell.grid });
        }
        for (const row of rows)
            row.height = Math.ceil(Math.max(...row.cells.map(cell => cell.implicitHeight)));
        if (alike) {
            const tallest = Math.max(0, ...rows.filter(row => row.grid).map(row => row.height));
            rows.filter(row => row.grid).forEach(row => row.height = tallest);
        }
        return rows;
    }

    // As many rows on each page as fit.
    function paged(rows: list<var>, room: real): list<var> {
        const pages = [];
        let left = -1;
        for (const row of rows) {
            left -= row.height + gap;
            if (left < 0) {
                pages.push([]);
                left = room - row.height;
            }
            pages[pages.length - 1].push(row);
        }
        return pages;
    }

    function place(found: list<var>) {
        pages = Math.max(1, found.length);
        // What stays in sight is never hidden in between: that would take it from under a finger.
        for (const cell of holder.children)
            if (cell.whole !== undefined && !cell.present)
                cell.visible = false;
        const each = found.map(rows => spare(rows));
        found.forEach((rows, at) => {
            const heights = rows.map(row => row.height + (row.grid ? Math.min(each[at], row.height * (found.length > 1 ? 0.3 : 1)) : 0));
            const used = heights.reduce((sum, high) => sum + high + gap, -gap);
            let top = centred ? Math.max(0, (room(pages) - used) / 2) : 0;
            rows.forEach((row, index) => {
                const high = heights[index];
                row.cells.forEach((cell, column) => {
                    cell.x = Math.round(column * (cell.width + gap));
                    cell.y = Math.round(top);
                    cell.height = Math.floor(high);
                    cell.leaf = at;
                    cell.visible = at === page;
                });
                top += high + gap;
            });
        });
        follow();
    }

    // The keys go over everything, and their page comes along.
    function follow() {
        const cells = [...holder.children].filter(cell => cell.whole !== undefined && cell.present);
        const holds = cell => cell.stop === Focus.stop || (cell.stops !== "" && Focus.stop.startsWith(cell.stops));
        const there = Focus.stop === "" ? undefined : cells.find(holds);
        followed = there ? there.leaf : -1;
    }

    Connections {
        target: Focus

        function onStopChanged() {
            flow.follow();
        }
    }

    // What each row of tiles may have more, so that a page is full.
    function spare(rows: list<var>): real {
        const used = rows.reduce((sum, row) => sum + row.height + gap, -gap);
        const tiles = rows.filter(row => row.grid).length;
        return tiles ? Math.max(0, room(pages) - used) / tiles : 0;
    }

    Item {
        id: holder

        height: flow.height
        width: flow.free
        onChildrenChanged: {
            for (const cell of children) {
                if (cell.watched !== false)
                    continue;
                cell.watched = true;
                cell.implicitHeightChanged.connect(flow.later);
                cell.presentChanged.connect(flow.later);
                cell.wholeChanged.connect(flow.later);
            }
            flow.later();
        }
    }

    PageTurner {
        id: turner

        anchors.bottom: parent.bottom
        anchors.right: parent.right
        height: flow.beside ? flow.height : implicitHeight
        page: flow.page
        pages: flow.pages
        upright: flow.beside
        visible: flow.pages > 1
        width: flow.beside ? Theme.px(310) : flow.width
        onTurn: page => flow.turn(page)
    }
}
