"""`artifact:NAME`: blobs in artifacts of GitHub's workflow runs, each with its branch's window."""
