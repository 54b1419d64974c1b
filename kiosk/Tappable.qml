import QtQuick
import QtQuick.Templates as T
import ui

// Anything a finger can touch: calm feedback, a name for screen readers.
T.AbstractButton {
    id: control

    implicitWidth: Math.max(Theme.px(81), contentItem ? contentItem.implicitWidth + leftPadding + rightPadding : 0)
    implicitHeight: Math.max(Theme.px(81), contentItem ? contentItem.implicitHeight + topPadding + bottomPadding : 0)
    focusPolicy: Qt.NoFocus
    scale: pressed ? 0.985 : 1
    Accessible.role: Accessible.Button
    Accessible.name: text

    FocusRing {
        stop: control.objectName
    }

    Behavior on scale {
        NumberAnimation {
            duration: Theme.fast
            easing.type: Easing.OutQuad
        }
    }
}
