"""Other programs as perfci starts them: their variables, and how none of them is left behind."""
