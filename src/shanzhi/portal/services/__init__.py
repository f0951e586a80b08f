"""Services for residents: the catalogue, what fits me, a form of one question a page, and what became of it."""
