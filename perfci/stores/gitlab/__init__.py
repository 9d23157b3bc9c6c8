"""`gitlab:PACKAGE`: blobs as files of a generic package in GitLab's package registry."""
