"""wrk against one server, and what came of it."""
import json
import os
import subprocess
import sys

from .servers import BUILD, ROOT


def make(count, prefix):
    """Writes PREFIX.events, signed, and PREFIX.pem."""
    print(f"making {count} signed events", file=sys.stderr)
    subprocess.run([os.path.join(BUILD, "make_load"), str(count), "1", prefix], check=True)


def drive(server, prefix, seconds, connections):
    threads = min(2, connections)
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "20s", "-s",
               os.path.join(ROOT, "tests/bench/load.lua"), server.url, "--", prefix + ".events", str(threads),
               "signed" if server.signed else "unsigned", server.path]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(output.strip().splitlines()[-1])


def measure(server, prefix, seconds, connections):
    """One run, with its figures: rate (events/s), cpu_us (per event), p50_ms, p99_ms, max_ms, peak_mb, ok (answers 2xx),
    other (any other answer), rows (None: the server keeps none)."""
    before = server.cpu_seconds()
    result = drive(server, prefix, seconds, connections)
    result["ok"] = result["requests"] - result["other"]
    result["rate"] = result["ok"] / result["seconds"]
    result["cpu_us"] = (server.cpu_seconds() - before) * 1e6 / result["requests"]
    result["peak_mb"] = server.peak_megabytes()
    result["rows"] = server.rows()
    return result


def complaint(result, connections):
    """What is wrong with a run; empty: nothing. Requests that were cut off at the end may be rows, too."""
    if result["other"] or result["broken"]:
        return f"{result['other']} answers were no 2xx, {result['broken']} connections broke"
    if result["rows"] is None:
        return ""
    if result["wraps"]:
        return "the events ran out and came again: make more (--events)"
    if not result["ok"] <= result["rows"] <= result["ok"] + connections:
        return f"{result['ok']} answers of 2xx, and {result['rows']} rows"
    return ""
