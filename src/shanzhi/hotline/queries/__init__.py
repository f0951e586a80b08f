"""Reading the hotline; each file one matter: settings, the ranking, call-backs, the list, whistles, calls."""
