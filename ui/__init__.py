"""The shared look: theme, fonts, icons, QML controls, and the bridge from bus to Qt."""
