"""Settings and circumstances to a plan. Pure; behind it nobody sees `Settings`."""
