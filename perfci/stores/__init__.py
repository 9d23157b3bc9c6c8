"""Places that keep baselines: each only get, put-if, list, delete of blobs."""
