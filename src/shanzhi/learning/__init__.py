"""Models of texts that are in force: trained from the district's own cases, versioned, compared, promoted."""
