import QtQuick
import ui

// A rounded box with a dashed edge: something that cannot be chosen now.
Canvas {
    id: box

    property real radius: Theme.px(30)
    readonly property color ink: Theme.dash

    onWidthChanged: requestPaint()
    onHeightChanged: requestPaint()
    onRadiusChanged: requestPaint()
    onInkChanged: requestPaint()
    onPaint: {
        const context = getContext("2d");
        const line = Math.max(1, Theme.px(2));
        context.reset();
        context.lineWidth = line;
        context.fillStyle = Theme.closed;
        context.strokeStyle = box.ink;
        context.setLineDash([4, 3]);
        context.beginPath();
        context.roundedRect(line / 2, line / 2, width - line, height - line, radius, radius);
        context.fill();
        context.stroke();
    }
}
