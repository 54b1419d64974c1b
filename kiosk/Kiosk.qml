import QtQuick
import ui

// The kiosk's window: one screen at a time, upright or lying.
Window {
    id: root

    required property Frame frame
    required property HomeScreen home
    required property TicketScreen ticket
    required property WallClock clock
    property bool locked: false

    readonly property bool wide: width > height

    color: Theme.paper
    height: 960
    title: qsTr("Đến Lượt – Lấy số")
    width: 540
    onClosing: close => close.accepted = !locked

    Binding {
        property: "scale"
        target: Theme
        value: root.wide ? Math.min(root.width / 1920, root.height / 1080) : Math.min(root.width / 1080, root.height / 1920)
    }

    Binding {
        property: "textScale"
        target: Theme
        value: root.frame.large ? 1.4 : 1
    }

    Home {
        anchors.fill: parent
        clock: root.clock
        visible: root.frame.page === "home"
        vm: root.home
        wide: root.wide
    }

    TakingPage {
        anchors.fill: parent
        visible: root.frame.page === "taking"
    }

    TicketPage {
        anchors.fill: parent
        large: root.frame.large
        visible: root.frame.page === "ticket"
        vm: root.ticket
        wide: root.wide
    }

    NoticePage {
        anchors.fill: parent
        frame: root.frame
        visible: root.frame.page === "notice"
    }

    Countdown {
        anchors.fill: parent
        frame: root.frame
        visible: root.frame.secondsLeft >= 0
    }
}
