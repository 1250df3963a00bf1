#!/usr/bin/env python3
"""The segment report over a million tickets that are over, of a million customers, the volume of each segment, and what
became of scripts and articles: asked of a running engine, the median of three. The store is written by bench/api/settled_tickets_bench.cpp: decisions, work, ends
and answers to surveys, as the engine writes them.

KINDRED_BUILD names another folder of programs than build/release, KINDRED_ROWS another number of tickets."""
import importlib.util
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.request

root = pathlib.Path(__file__).resolve().parent.parent
build = pathlib.Path(os.environ.get("KINDRED_BUILD", root / "build/release")).resolve()
wanted = int(os.environ.get("KINDRED_ROWS", 1_000_000))
token = "bench-token-of-the-reports-0123456789"
goal_seconds = 5.0
rounds = 3
reports = {"segments": "segment report", "volume?by=segment.value": "volume by segment", "texts": "texts", "gaps": "gaps"}


def beside(name):
    """A script that lies beside this one, as a module."""
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), pathlib.Path(__file__).with_name(name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def memory_of(pid, line):
    return next(int(each.split()[1]) // 1024 for each in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
                if each.startswith(line))


def answer(port, report):
    """What it says, and how many seconds it took."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/reports/{report}", headers={"Authorization": f"Bearer {token}"})
    began = time.monotonic()
    with urllib.request.urlopen(asked, timeout=300) as said:
        made = json.load(said)
    return made, time.monotonic() - began


def check(made):
    """The report has to be about all of them: an empty one is soon made."""
    if made["report"] in ("texts", "gaps"):
        # By the demo's rules everything has a script and an article: there is no gap to be found.
        known = max((row["shown"] for row in made["rows"] if "shown" in row), default=wanted)
        if known < wanted * 0.01:
            raise RuntimeError(f"of {wanted} tickets no text was shown beside more than {known}")
        return
    if "statistics" in made and made["statistics"]["tickets"] < wanted * 0.9:
        raise RuntimeError(f"of {wanted} tickets the report knows {made['statistics']['tickets']}")
    if "statistics" not in made and sum(row["resolved"] for row in made["rows"]) < wanted * 0.9:
        raise RuntimeError("the report lacks tickets")


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kindred-bench-", dir=root / "build"))
    process = None
    try:
        subprocess.run([build / "api_settled_tickets_bench", folder / "kindred.db", root / "rules", str(wanted)], check=True)
        port = beside("bench-import").free_port()
        (folder / "kindred.yaml").write_text(json.dumps({
            "server": {"listen": f"127.0.0.1:{port}", "public_url": f"http://127.0.0.1:{port}", "threads": 1},
            "store": {"sqlite": str(folder / "kindred.db")}, "rules": str(root / "rules"), "log": {"level": "error"},
            "tokens": [{"name": "reports", "token": token, "role": "admin"}], "channels": {"api": {"connector": "api"}}}))
        process = subprocess.Popen([build / "kindred", "serve", "--config", folder / "kindred.yaml"])
        beside("bench-import").wait_for(port)
        time.sleep(5)  # it reads which keys it has
        before = memory_of(process.pid, "VmRSS:")
        results = []
        for report, name in reports.items():
            took = []
            for _ in range(rounds):
                made, seconds = answer(port, report)
                check(made)
                took.append(seconds)
            median = statistics.median(took)
            print(f"{name}: {', '.join(f'{each:.2f}' for each in took)} s")
            results.append({"name": f"{name} over {wanted} tickets, seconds", "ratio": round(median / goal_seconds, 3), "goal": 1.0,
                            "better": "lower", "against": f"{goal_seconds:.0f} s ({median:.2f} s)"})
        print(f"memory: {before} MB before, {memory_of(process.pid, 'VmHWM:')} MB at most")
        print(json.dumps(results))
    finally:
        if process is not None:
            process.terminate()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
