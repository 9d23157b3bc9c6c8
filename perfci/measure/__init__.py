"""The measuring loop: which launch is next, and when it is enough."""
