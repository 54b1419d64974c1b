pragma ComponentBehavior: Bound

import QtQuick
import ui

// Pictures and videos beside the calls; they change only while no call is new.
Rectangle {
    id: pane

    required property MediaShow media
    property bool calling: false
    readonly property real inset: Theme.px(14)

    objectName: "mediaPane"
    visible: media.available
    radius: Theme.px(30)
    color: Theme.sea850

    onCallingChanged: media.call(calling)
    onWidthChanged: media.fit(width - 2 * inset, height - 2 * inset)
    onHeightChanged: media.fit(width - 2 * inset, height - 2 * inset)
    Component.onCompleted: {
        front.image = media.image;
        media.call(calling);
    }

    Connections {
        target: pane.media

        function onPictured() {
            last.image = front.image;
            front.image = pane.media.image;
            fade.restart();
        }

        function onFramed() {
            fade.complete();
            front.image = pane.media.image;
        }
    }

    Picture {
        id: last
        anchors.fill: pane
        anchors.margins: pane.inset
        opacity: 1 - front.opacity
    }

    Picture {
        id: front
        objectName: "picture"
        anchors.fill: pane
        anchors.margins: pane.inset

        NumberAnimation on opacity {
            id: fade
            running: false
            from: 0
            to: 1
            duration: 200
        }
    }
}
