"""What the page shows, as plain values ready to be written out."""
