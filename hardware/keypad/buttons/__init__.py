"""Wireless buttons over MQTT: Zigbee2MQTT, Tasmota, Shelly, ESPHome, in one table."""
