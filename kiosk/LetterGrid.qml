pragma ComponentBehavior: Bound

import QtQuick
import ui

// The letters under which there are names, in the order of the alphabet.
Flow {
    id: grid

    required property CitizenScreen vm
    required property var letters

    spacing: Theme.gap(20)

    Repeater {
        model: grid.letters

        TextButton {
            required property string modelData

            height: Theme.px(96)
            objectName: "letter-" + modelData
            size: 38
            text: modelData
            width: Theme.px(108)
            onClicked: grid.vm.act("letter", modelData)
        }
    }
}
