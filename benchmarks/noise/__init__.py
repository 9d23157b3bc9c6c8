"""The noise laboratory: launches whose truth is known, judged by perfci's rule and by its peers'.

python -m benchmarks.noise.collect      records launches on this machine
python -m benchmarks.noise.live         runs whole gates on changes whose truth is known
python -m benchmarks.noise              prints the table: recorded and synthetic noise
python -m benchmarks.noise --short      the synthetic part alone, in under two minutes
"""
