"""Home Assistant over REST and WebSocket."""
