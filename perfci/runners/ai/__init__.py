"""Language models: streamed answers, timed as the one who waits for them sees them."""
