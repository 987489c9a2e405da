"""What the widgets over Predictions share."""
