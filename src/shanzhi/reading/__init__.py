"""What a photographed paper says: recognised lines put level, the kind of paper, its fields, how sure each is.

Nothing here knows Django or the database. Only `reader` opens a model, and only when it is first asked to read.
"""
