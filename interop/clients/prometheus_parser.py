"""Reads metrics from the standard input with the parsers of Prometheus' own client, and prints them as JSON."""

import json
import math
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as prometheus

PARSERS = {"prometheus": prometheus, "openMetrics": open_metrics}


def number(value):
    """JSON has no NaN and no infinity."""
    return float(value) if math.isfinite(value) else None


families = PARSERS[sys.argv[1]](sys.stdin.read())
print(
    json.dumps(
        [
            {
                "name": family.name,
                "type": family.type,
                "samples": [[sample.name, sample.labels, number(sample.value)] for sample in family.samples],
            }
            for family in families
        ]
    )
)
