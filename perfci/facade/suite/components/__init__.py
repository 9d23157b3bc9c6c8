"""What the comprehensive suite measures by itself, a file a component."""
