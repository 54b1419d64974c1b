"""`denluot voice`: check a clip pack, record one, hear a call."""
