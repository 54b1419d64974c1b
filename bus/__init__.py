"""Messages, topics, the MQTT client and its in-memory twin, the private broker."""
