"""Pages of the assessment, a module an audience."""
