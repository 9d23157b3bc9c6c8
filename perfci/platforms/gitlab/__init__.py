"""GitLab CI: what its variables say, and the note below a merge request."""
