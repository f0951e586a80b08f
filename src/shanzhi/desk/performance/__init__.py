"""What people did, at the desk: one's own numbers, those of the people one leads, what is contested, samples."""
