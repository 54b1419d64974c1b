import QtQuick
import QtQuick.Layouts
import ui

// What to do here; or that no numbers are given now, and when they are.
ColumnLayout {
    id: heading

    required property HomeScreen vm
    property bool wide: false
    readonly property bool closed: vm.closedHours !== ""

    spacing: 0

    Label {
        Layout.fillWidth: true
        font.weight: Font.Bold
        fontSizeMode: wraps ? Text.FixedSize : Text.HorizontalFit
        lineHeight: 0.95
        minimumPixelSize: Theme.px(40)
        objectName: "heading"
        size: heading.wide ? 52 : 58
        text: words()
        wrapMode: wraps ? Text.WordWrap : Text.NoWrap

        readonly property bool wraps: heading.wide && heading.vm.large

        function words(): string {
            if (heading.vm.reach === "nowhere")
                return qsTr("Máy lấy số đang kết nối");
            return heading.closed ? qsTr("Ngoài giờ lấy số") : qsTr("Mời quý vị chọn việc cần làm");
        }
    }

    Label {
        Layout.fillWidth: true
        objectName: "hours"
        size: heading.wide ? 34 : 38
        text: heading.vm.closedHours
        visible: heading.closed
        wrapMode: Text.WordWrap
    }
}
