"""The first start on the screen of a machine that does all."""
