"""The TV board: who is called, who is being served, and who comes next."""
