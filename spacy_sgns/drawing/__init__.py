"""What all pictures share: text, labels, colours, fonts, matplotlib's style, optional packages."""
