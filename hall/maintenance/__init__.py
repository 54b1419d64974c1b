"""The kiosk's maintenance menu: what it shows and where a touch leads, without Qt."""
