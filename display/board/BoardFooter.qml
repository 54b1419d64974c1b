import QtQuick
import ui

// Who is next, and the rule, the hotline and the notices: side by side, or `stacked`.
Rectangle {
    id: footer

    required property BoardScreen vm
    property bool stacked: false

    height: Theme.px(stacked ? 214 : 138)
    color: Theme.sea850

    NextNumbers {
        id: next
        vm: footer.vm
        x: Theme.px(40)
        y: Theme.px(footer.stacked ? 4 : 0)
        chipSize: footer.stacked ? 34 : 44
        gap: footer.stacked ? 30 : 36
        width: footer.stacked ? parent.width - 2 * x : Math.round(parent.width * 0.622) - x
        height: footer.stacked ? Theme.px(108) : parent.height
    }

    BottomText {
        vm: footer.vm
        alignment: footer.stacked ? Text.AlignLeft : Text.AlignRight
        width: footer.stacked ? next.width : Math.round(parent.width * 0.335)
        x: footer.stacked ? next.x : parent.width - width - Theme.px(40)
        y: footer.stacked ? next.y + next.height : 0
        height: parent.height - y - Theme.px(footer.stacked ? 10 : 0)
    }
}
