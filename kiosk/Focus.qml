pragma Singleton

import QtQuick

// Where the five keys are on the screen: the id of a stop, which is the name of its item.
QtObject {
    property string stop: ""
}
