import QtQuick
import ui

// The kiosk's window: one page at a time, upright or lying.
Window {
    id: root

    required property CitizenScreen citizen
    required property WallClock clock
    required property MaintenanceScreen maintenance
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
        value: root.citizen.large && !root.maintenance.open ? 1.4 : 1
    }

    Binding {
        property: "contrast"
        target: Theme
        value: root.citizen.contrast && !root.maintenance.open
    }

    Home {
        anchors.fill: parent
        clock: root.clock
        middle: root.height / 2
        visible: root.citizen.page === "home"
        vm: root.citizen
        wide: root.wide
        onEmblemTouched: root.maintenance.touchEmblem()
    }

    AskQuestion {
        anchors.fill: parent
        visible: root.citizen.page === "home" && root.citizen.asks
        vm: root.citizen
    }

    // Between the touch and the number: calm words, nothing that turns.
    Rectangle {
        anchors.fill: parent
        color: Theme.night
        visible: root.citizen.page === "taking"

        Label {
            anchors.centerIn: parent
            color: Theme.nightInk
            font.weight: Font.Bold
            horizontalAlignment: Text.AlignHCenter
            objectName: "taking"
            size: 64
            text: qsTr("Đang lấy số cho quý vị…")
            width: parent.width - Theme.px(160)
            wrapMode: Text.WordWrap
        }
    }

    TicketPage {
        anchors.fill: parent
        visible: root.citizen.page === "ticket"
        vm: root.citizen
        wide: root.wide
    }

    NoticePage {
        anchors.fill: parent
        visible: root.citizen.page === "notice"
        vm: root.citizen
    }

    Countdown {
        anchors.fill: parent
        visible: root.citizen.secondsLeft >= 0
        vm: root.citizen
    }

    Maintenance {
        anchors.fill: parent
        visible: root.maintenance.open
        vm: root.maintenance
        wide: root.wide
    }
}
