pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// What a procedure needs, by field and by letter. Where there is room the names stay above what was
// chosen of them; else, and for who uses the keys, one takes the place of the other. In the low layout all is in the lower half.
Rectangle {
    id: page

    required property CitizenScreen vm
    required property WallClock clock
    property bool wide: false
    property real middle: height / 2

    readonly property var view: vm.procedures
    readonly property bool one: view.step === "one"
    readonly property bool split: !wide && !vm.large && !vm.low && !vm.keys
    readonly property bool dense: vm.large || vm.low || wide
    // Least height is left on a lying screen in large text.
    readonly property bool tight: wide && vm.large && !vm.low

    signal emblemTouched

    color: Theme.paper

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        Header {
            Layout.fillWidth: true
            clock: page.clock
            dense: page.dense
            visible: !(page.tight && page.vm.keys)
            vm: page.vm
            wide: page.wide
            onEmblemTouched: page.emblemTouched()
        }

        // What this is; in the low layout its buttons are below.
        ColumnLayout {
            Layout.fillHeight: false
            Layout.leftMargin: Theme.px(56)
            Layout.rightMargin: Theme.px(56)
            Layout.topMargin: Theme.px(page.dense ? 14 : 24)
            spacing: Theme.gap(20)

            RowLayout {
                id: titleRow

                Layout.fillHeight: false
                Layout.fillWidth: true
                spacing: Theme.gap(20)
                visible: !page.tight || page.view.step === "ways"

                Label {
                    Layout.fillWidth: true
                    font.weight: Font.Bold
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Theme.px(36)
                    objectName: "proceduresTitle"
                    size: page.dense ? 42 : 54
                    text: qsTr("Thủ tục & giấy tờ")
                }
            }

            RowLayout {
                id: headingRow

                Layout.fillHeight: false
                Layout.fillWidth: true
                spacing: Theme.gap(20)

                IconBox {
                    name: page.view.icon
                    size: page.dense ? 72 : 88
                    visible: page.view.icon !== ""
                }

                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 0

                    Label {
                        Layout.fillWidth: true
                        font.weight: Font.Bold
                        objectName: "proceduresHeading"
                        size: page.dense ? 34 : 42
                        text: page.view.heading
                        wrapMode: Text.WordWrap
                    }

                    Label {
                        Layout.fillWidth: true
                        size: 28
                        text: page.view.example !== "" ? page.view.example : page.view.count
                        visible: text !== "" && !(page.one && page.dense)
                        wrapMode: Text.WordWrap
                    }
                }
            }

            // Where the button has no room for it.
            Label {
                Layout.fillWidth: true
                objectName: "takeNote"
                size: 28
                text: page.view.take_note
                visible: page.one && (page.vm.low || page.tight) && text !== ""
                wrapMode: Text.WordWrap
            }
        }

        Item {
            Layout.fillHeight: page.vm.low
            Layout.preferredHeight: 0
            visible: page.vm.low
        }

        ColumnLayout {
            Layout.bottomMargin: Theme.px(28)
            Layout.fillHeight: !page.vm.low
            Layout.leftMargin: Theme.px(56)
            Layout.maximumHeight: page.vm.low ? page.height - page.middle - Theme.px(28) : -1
            Layout.minimumHeight: page.vm.low ? Layout.maximumHeight : 0
            Layout.rightMargin: Theme.px(56)
            Layout.topMargin: page.vm.low ? 0 : Theme.gap(20)
            spacing: Theme.gap(20)

            RowLayout {
                id: lowRow

                Layout.fillHeight: false
                Layout.fillWidth: true
                spacing: Theme.gap(20)
                visible: page.vm.low

                TextButton {
                    Layout.fillHeight: true
                    Layout.fillWidth: page.vm.low
                    iconName: "house"
                    objectName: "toHome"
                    parent: page.vm.low ? lowRow : titleRow.visible ? titleRow : headingRow
                    text: qsTr("Trang đầu")
                    onClicked: page.vm.tap(objectName)
                }

                TextButton {
                    Layout.fillHeight: true
                    Layout.fillWidth: page.vm.low
                    Layout.maximumWidth: page.vm.low ? -1 : Theme.px(page.wide ? 520 : 400)
                    iconName: "arrow-left"
                    objectName: page.one && !page.split ? "stepBack" : "otherWays"
                    parent: page.vm.low ? lowRow : headingRow
                    text: page.one && !page.split ? page.view.back : page.view.other
                    visible: page.view.step !== "ways"
                    onClicked: page.vm.tap(objectName)
                }
            }

            // Fields, then letters.
            PagedFlow {
                id: ways

                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.minimumHeight: 0
                Layout.preferredHeight: 0
                alike: true
                beside: page.wide && page.vm.large
                gap: Theme.gap(20)
                mostColumns: page.wide && !page.vm.large ? 4 : 2
                turned: page.vm.leaf
                visible: page.view.step === "ways"
                onTurn: to => page.vm.turnTo(to)

                Cell {
                    active: present
                    present: page.vm.home.offers_priority
                    whole: true

                    sourceComponent: PriorityCard {
                        dense: true
                        vm: page.vm
                    }
                }

                Repeater {
                    model: page.view.fields ?? []

                    Cell {
                        id: field

                        required property var modelData

                        grid: true

                        sourceComponent: ChoiceTile {
                            dense: true
                            iconName: field.modelData.icon
                            note: field.modelData.count
                            objectName: "field-" + field.modelData.code
                            raised: true
                            text: field.modelData.name
                            onClicked: page.vm.act("field", field.modelData.code)
                        }
                    }
                }

                Cell {
                    begins: true
                    stops: "letter-"
                    whole: true

                    sourceComponent: LetterGrid {
                        letters: page.view.letters ?? []
                        vm: page.vm
                    }
                }
            }

            PagedFlow {
                id: names

                Layout.fillHeight: !page.one && !page.split
                Layout.fillWidth: true
                Layout.minimumHeight: 0
                Layout.preferredHeight: page.split ? Theme.px(474) : 0
                alike: true
                gap: Theme.gap(20)
                mostColumns: page.vm.large ? 1 : page.wide ? 3 : 2
                turned: page.view.row_page ?? 0
                visible: page.view.step === "names" || (page.one && page.split)
                onTurn: to => page.vm.turnRows(to)

                Repeater {
                    model: page.view.names ?? []

                    Cell {
                        id: slot

                        required property var modelData

                        grid: true

                        sourceComponent: NameTile {
                            chosen: slot.modelData.chosen
                            objectName: "procedure-" + slot.modelData.key
                            text: slot.modelData.name
                            onClicked: page.vm.act("procedure", slot.modelData.key)
                        }
                    }
                }
            }

            ProcedureCard {
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.minimumHeight: 0
                Layout.preferredHeight: 0
                visible: page.one || (page.split && page.view.step === "names")
                vm: page.vm
                wide: page.wide
            }

            RowLayout {
                Layout.fillHeight: false
                Layout.fillWidth: true
                spacing: Theme.gap(24)
                visible: page.one

                TextButton {
                    Layout.fillHeight: true
                    Layout.fillWidth: true
                    Layout.minimumHeight: Theme.px(page.dense ? 96 : 116)
                    Layout.preferredWidth: 1
                    edge: Theme.link
                    enabled: page.view.can_print
                    iconName: "printer"
                    objectName: "printList"
                    text: page.view.print_words
                    onClicked: page.vm.tap(objectName)
                }

                TextButton {
                    Layout.fillHeight: true
                    Layout.fillWidth: true
                    Layout.minimumHeight: Theme.px(page.dense ? 96 : 116)
                    Layout.preferredWidth: 1
                    edge: ground
                    ground: page.view.take_open ? Theme.main : Theme.resting
                    iconName: "ticket-check"
                    ink: Theme.mainInk
                    objectName: "takeHere"
                    text: page.view.take_words + (page.vm.low || page.tight ? "" : "\n" + page.view.take_note)
                    visible: page.view.take_words !== ""
                    onClicked: page.vm.tap(objectName)
                }
            }

            BottomBar {
                Layout.fillHeight: false
                Layout.fillWidth: true
                vm: page.vm
                wide: page.wide
            }
        }
    }
}
