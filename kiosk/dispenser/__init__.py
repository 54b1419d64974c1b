"""The kiosk as a box of push-buttons, for halls where many cannot read a screen."""
