"""How it was: the page of a paired tablet, its pairing, and the votes of the phone page."""
