"""The composition root: the one room that reads the process and names concrete parts."""
