import QtQuick
import ui

// The rule, the hotline and the notices: they stand still while they fit, else they run.
Item {
    id: bottom

    required property BoardScreen vm
    property int alignment: Text.AlignRight
    readonly property bool fits: still.implicitHeight <= height
    readonly property real speed: Theme.px(120)
    readonly property int linesFit: Math.max(1, Math.floor(height / metrics.lineSpacing / still.lineHeight))
    // Sentences are a tenth narrower than the type's average, which pays for the lines' ends.
    readonly property int letters: Math.floor(linesFit * width / metrics.averageCharacterWidth)

    clip: true
    onLettersChanged: vm.fitLetters(letters)
    Component.onCompleted: vm.fitLetters(letters)

    FontMetrics {
        id: metrics
        font: still.font
    }

    Label {
        id: still
        objectName: "stillText"
        visible: bottom.fits
        anchors.verticalCenter: parent.verticalCenter
        width: parent.width
        horizontalAlignment: bottom.alignment
        wrapMode: Text.Wrap
        text: bottom.vm.lines.join(". ")
        color: Theme.sea100
        size: 32
        lineHeight: 1.06
    }

    Label {
        id: running
        objectName: "runningText"
        visible: !bottom.fits
        anchors.verticalCenter: parent.verticalCenter
        text: bottom.fits ? "" : bottom.vm.lines.join("     •     ")
        color: Theme.sea100
        size: 42

        NumberAnimation on x {
            running: !bottom.fits && bottom.width > 0
            loops: Animation.Infinite
            from: bottom.width
            to: -running.width
            duration: 1000 * Math.max(1, bottom.width + running.width) / bottom.speed
        }
    }
}
