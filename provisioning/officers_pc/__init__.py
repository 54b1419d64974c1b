"""What an officer's own PC needs: to trust the site's authority, by one double-click."""
