"""Report periods and reports up the tree. Face: programme.public."""
