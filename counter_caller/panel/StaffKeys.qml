import QtQuick

// The two keys staff know; where the system offers it they work in every program.
Item {
    id: keys

    signal pressed(string name)

    Shortcut {
        sequence: "F9"
        autoRepeat: false
        context: Qt.WindowShortcut
        onActivated: keys.pressed("next")
    }
    Shortcut {
        sequence: "F8"
        autoRepeat: false
        context: Qt.WindowShortcut
        onActivated: keys.pressed("recall")
    }
}
