"""Files of results on this disk: which are meant, and what is in them."""
