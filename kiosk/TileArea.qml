pragma ComponentBehavior: Bound

import QtQuick
import ui

// All services, and where room is scarce everything else there is to choose, on pages.
PagedFlow {
    id: area

    required property CitizenScreen vm
    property bool wide: false
    property bool dense: false
    // Whether guidance, appointments and procedures stand on the pages too, and priority.
    property bool gathers: false
    property bool gathersPriority: false

    alike: !vm.large
    beside: wide && gathers
    gap: Theme.gap(dense ? 20 : 24)
    mostColumns: vm.large ? (wide ? 2 : 1) : (wide ? 4 : 2)
    objectName: "tileArea"
    turned: vm.turned
    onTurn: page => vm.turnTo(page)

    Cell {
        active: present
        present: area.gathersPriority && area.vm.home.offers_priority
        whole: true

        sourceComponent: PriorityCard {
            dense: true
            vm: area.vm
        }
    }

    Repeater {
        model: area.vm.tileCount

        Cell {
            id: slot

            required property int index
            readonly property var tile: area.vm.home.tiles[index] ?? ({})

            grid: true
            sourceComponent: area.vm.large ? large : normal

            Component {
                id: normal

                ServiceTile {
                    dense: area.dense
                    objectName: "service-" + slot.tile.code
                    tile: slot.tile
                    onClicked: area.vm.choose(slot.tile.code)
                }
            }

            Component {
                id: large

                WideTile {
                    objectName: "service-" + slot.tile.code
                    tile: slot.tile
                    onClicked: area.vm.choose(slot.tile.code)
                }
            }
        }
    }

    Cell {
        active: present
        begins: true
        present: area.gathers && area.vm.home.offers_appointments

        sourceComponent: AppointmentTile {
            vm: area.vm
        }
    }

    Cell {
        active: present
        begins: !area.vm.home.offers_appointments
        present: area.gathers && area.vm.home.offers_procedures

        sourceComponent: ProceduresTile {
            vm: area.vm
        }
    }

    Cell {
        active: present
        present: area.gathers && area.vm.home.guidance !== null
        whole: true

        sourceComponent: GuidanceTile {
            dense: true
            vm: area.vm
        }
    }
}
