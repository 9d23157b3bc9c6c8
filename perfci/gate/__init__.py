"""The only place that decides: policy, judge."""
