pragma ComponentBehavior: Bound

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

    Binding {
        property: "stop"
        target: Focus
        value: root.citizen.focusedStop
    }

    Home {
        anchors.bottomMargin: speech.room
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
        anchors.bottomMargin: speech.room
        anchors.fill: parent
        visible: root.citizen.page === "ticket"
        vm: root.citizen
        wide: root.wide
    }

    NoticePage {
        anchors.bottomMargin: speech.room
        anchors.fill: parent
        visible: root.citizen.page === "notice"
        vm: root.citizen
        wide: root.wide
    }

    Loader {
        active: root.citizen.page === "procedures" || item !== null
        anchors.bottomMargin: speech.room
        anchors.fill: parent
        visible: root.citizen.page === "procedures"

        sourceComponent: ProceduresPage {
            clock: root.clock
            middle: root.height / 2
            vm: root.citizen
            wide: root.wide
            onEmblemTouched: root.maintenance.touchEmblem()
        }
    }

    AppointmentPage {
        anchors.bottomMargin: speech.room
        anchors.fill: parent
        middle: root.height / 2
        visible: root.citizen.page === "appointment"
        vm: root.citizen
        wide: root.wide
    }

    SpeechBar {
        id: speech

        readonly property real room: visible ? height : 0

        anchors.bottom: parent.bottom
        height: implicitHeight
        objectName: "speechBar"
        visible: root.citizen.keys
        vm: root.citizen
        width: parent.width
    }

    Countdown {
        anchors.fill: parent
        visible: root.citizen.secondsLeft >= 0
        vm: root.citizen
    }

    // For who listens and wants nobody to read along; a touch of anybody shows the screen again.
    Rectangle {
        anchors.fill: parent
        color: "black"
        objectName: "curtain"
        visible: root.citizen.curtain

        MouseArea {
            anchors.fill: parent
            onClicked: root.citizen.tap("openCurtain")
        }
    }

    Maintenance {
        anchors.fill: parent
        visible: root.maintenance.open
        vm: root.maintenance
        wide: root.wide
    }
}
