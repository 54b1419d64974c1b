pragma ComponentBehavior: Bound

import QtQuick

// A place in `PagedFlow`; what stands in it says by its `implicitHeight` how high it must be.
Loader {
    // Whether it takes a row for itself, begins one, or is as high as the other tiles.
    property bool whole: false
    property bool begins: false
    property bool grid: false
    property bool present: true
    property bool watched: false
    property int leaf: 0
    // The stop of the five keys that stands here.
    property string stop: item?.objectName ?? ""
    // What the ids of several stops that stand here begin with.
    property string stops: ""

    visible: false
}
