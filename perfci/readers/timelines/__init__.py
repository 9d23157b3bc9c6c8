"""Series over many commits, as files tell of them: what `perfci history FILE` looks at."""
