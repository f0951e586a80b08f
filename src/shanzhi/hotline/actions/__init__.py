"""What changes at the hotline: call-backs, exclusions, whistles, calls, mirrored orders, reports."""
