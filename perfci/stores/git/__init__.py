"""`git:BRANCH`: blobs as files of an orphan branch on the remote of the user's checkout."""
