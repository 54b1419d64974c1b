pragma Singleton

import QtQuick

// Colours, type and measures of every screen. `px` scales a measure of the design picture to the
// window; `sp` scales text, which "Chữ to" makes 40 % larger.
QtObject {
    property real scale: 1
    property real textScale: 1

    readonly property color sea900: "#082338"
    readonly property color sea850: "#061A2B"
    readonly property color sea800: "#0B2F4A"
    readonly property color sea700: "#124263"
    readonly property color sea500: "#2B6A94"
    readonly property color sea200: "#C9DCE8"
    readonly property color sea100: "#E4EEF4"
    readonly property color phuong: "#C8202F"
    readonly property color phuongDark: "#9E1724"
    // The ground of a call on a board: white on it has 7:1, on phuong 5.7:1.
    readonly property color phuongCall: "#AD1B28"
    readonly property color phuong100: "#FBE7E6"
    readonly property color gold: "#F5B83D"
    readonly property color gold100: "#FFF3D6"
    readonly property color goldNight: "#3A2C14"
    readonly property color ink: "#12212E"
    readonly property color ink2: "#4A5B68"
    readonly property color faded: "#6B7883"
    readonly property color paper: "#FBF8F2"
    readonly property color card: "#FFFFFF"
    readonly property color line: "#E3DED3"
    readonly property color closed: "#F1EEE7"
    readonly property color shade: "#E9E2D4"
    readonly property color dash: "#B9B2A3"
    readonly property color greyed: "#A9B7C2"
    readonly property color greyedNight: "#36434E"
    readonly property color ok: "#1E7B4F"
    readonly property color ok100: "#E0F2E8"
    readonly property color okNight: "#43C484"

    readonly property string textFamily: "Denluot Text"
    readonly property string numberFamily: "Denluot Number"

    readonly property int fast: 150
    readonly property int slow: 250

    function px(measure: real): real {
        return Math.round(measure * scale);
    }

    // Between two things to touch there are 5 mm on any panel of a hall, however small the window.
    function gap(measure: real): real {
        return Math.max(20, px(measure));
    }

    function sp(measure: real): int {
        return Math.max(1, Math.round(measure * scale * textScale));
    }
}
