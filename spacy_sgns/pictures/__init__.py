"""Pictures: words on a plane, and how training went."""
