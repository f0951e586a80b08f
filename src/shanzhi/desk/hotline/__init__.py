"""The hotline at the desk: call-backs, whistles, the responsibility list, what is left out of the ranking."""
