"""What any widget is made of, whatever it shows."""
