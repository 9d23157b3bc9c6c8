"""Launches to answers: location, spread, the sequential rule, history. Pure; numpy only."""
