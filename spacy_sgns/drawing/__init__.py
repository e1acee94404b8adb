"""What all pictures share: labels, colours, fonts, extras."""
