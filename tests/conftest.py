"""What every test stands on."""

import signal

# started in the background, by `&` or by a CI that does so, a process ignores Ctrl-C, and so would
# everything below it; tests send it to themselves and to what they start
signal.signal(signal.SIGINT, signal.default_int_handler)
