"""What the doors for people share: errors as pages, names instead of codes, forms with uploads."""
