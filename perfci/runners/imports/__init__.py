"""Which files a Python program imports: base and head must not share them."""
