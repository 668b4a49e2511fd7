"""Figures for the operator's monitoring, of this process. Labels are route templates and fixed words, never people."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()

requests = Counter("community_requests_total", "Answers given.", ("method", "route", "status"), registry=REGISTRY)
request_seconds = Histogram(
    "community_request_seconds",
    "From the request to its answer.",
    ("route",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
job_runs = Counter("community_job_runs_total", "Runs of scheduled jobs.", ("job", "outcome"), registry=REGISTRY)
job_seconds = Histogram(
    "community_job_seconds", "How long a job ran.", ("job",), buckets=(0.01, 0.1, 1, 10, 60), registry=REGISTRY
)
job_last_done = Gauge(
    "community_job_last_done_timestamp_seconds", "When a job last ended well.", ("job",), registry=REGISTRY
)
deliveries = Counter("community_deliveries_total", "Tries to send a mail.", ("outcome",), registry=REGISTRY)
overdue = Gauge("community_overdue", "What should have happened over 5 minutes ago.", ("what",), registry=REGISTRY)
leading = Gauge("community_leading", "1 in the worker that runs the jobs.", registry=REGISTRY)
errors = Counter("community_errors_total", "Exceptions nobody foresaw.", ("where",), registry=REGISTRY)


def exposition() -> bytes:
    """In the text format Prometheus reads."""
    return generate_latest(REGISTRY)
