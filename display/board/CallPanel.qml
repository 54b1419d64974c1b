pragma ComponentBehavior: Bound

import QtQuick
import ui

// The big panel: the call of the moment, two or three together, or a quiet greeting.
Item {
    id: panel

    required property BoardScreen vm
    readonly property var cards: vm.cards
    readonly property bool flashing: cards.some(card => card.flashing) && !vm.stale

    FlashPhase {
        id: phase
        flashing: panel.flashing
    }

    QuietPanel {
        anchors.fill: parent
        visible: panel.cards.length === 0
        vm: panel.vm
    }

    LoneCall {
        anchors.fill: parent
        visible: panel.cards.length === 1
        card: panel.cards[0] ?? null
        bright: phase.bright
        stale: panel.vm.stale
    }

    Repeater {
        model: 3

        SharedCall {
            required property int index
            readonly property int count: Math.max(2, panel.cards.length)
            readonly property int gap: Theme.px(12)

            visible: panel.cards.length > 1 && card !== null
            width: panel.width
            height: Math.floor((panel.height - (count - 1) * gap) / count)
            y: index * (height + gap)
            card: panel.cards[index] ?? null
            bright: phase.bright
            stale: panel.vm.stale
        }
    }
}
