"""What page and paper share: colours, and characters that can be seen."""
