"""Stored JSON: versioned documents, never the model itself."""
