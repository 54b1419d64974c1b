"""What every screen shows and allows, without Qt and without HTTP."""
