"""Services at the desk: what waits, one application with its checklist, samples, stopped rules, policies."""
