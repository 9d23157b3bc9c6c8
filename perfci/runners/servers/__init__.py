"""What all work that asks a server has in common: the service, its port, the questions in turn."""
