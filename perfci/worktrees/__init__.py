"""Base and head side by side on disk, by git; the user's own checkout is only ever read."""
