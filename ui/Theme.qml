pragma Singleton

import QtQuick

// Colours, type and measures of every screen. `px` scales a measure of the design picture to the
// window; `sp` scales text, which "Chữ to" makes 40 % larger.
QtObject {
    property real scale: 1
    property real textScale: 1
    property bool contrast: false

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
    readonly property color ink: contrast ? white : "#12212E"
    readonly property color ink2: contrast ? white : "#4A5B68"
    readonly property color faded: "#6B7883"
    readonly property color paper: contrast ? black : "#FBF8F2"
    readonly property color card: contrast ? black : "#FFFFFF"
    readonly property color line: contrast ? white : "#E3DED3"
    readonly property color closed: contrast ? black : "#F1EEE7"
    readonly property color shade: contrast ? black : "#E9E2D4"
    readonly property color dash: contrast ? white : "#B9B2A3"
    readonly property color greyed: "#A9B7C2"
    readonly property color greyedNight: "#36434E"
    readonly property color ok: "#1E7B4F"
    readonly property color ok100: "#E0F2E8"
    readonly property color okNight: "#43C484"

    // What the kiosk draws with: each is named by its part, and is black, white or yellow where
    // somebody has chosen high contrast. An ink stands on the ground of its name.
    readonly property color black: "#000000"
    readonly property color white: "#FFFFFF"
    readonly property color yellow: "#FFDD00"
    readonly property color night: contrast ? black : sea900
    readonly property color nightInk: white
    readonly property color nightNote: contrast ? white : sea200
    readonly property color main: contrast ? yellow : sea800
    readonly property color mainInk: contrast ? black : white
    readonly property color resting: contrast ? white : ink2
    readonly property color link: contrast ? yellow : sea800
    readonly property color edge: contrast ? white : sea200
    readonly property color calm: contrast ? black : sea100
    readonly property color pressed: contrast ? "#333333" : sea200
    readonly property color mild: contrast ? black : gold100
    readonly property color bright: contrast ? yellow : gold
    readonly property color brightInk: contrast ? black : ink
    readonly property color aid: contrast ? white : phuongDark
    readonly property color aidInk: contrast ? black : white
    readonly property color emblem: contrast ? yellow : phuong
    readonly property color thumb: contrast ? black : gold
    readonly property color thumbInk: contrast ? yellow : ink
    readonly property color good: contrast ? white : ok
    readonly property color figure: contrast ? yellow : phuongDark

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
