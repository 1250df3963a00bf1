#!/usr/bin/env python3
"""Stage and segments of a million customers, worked out by the rules that are in force: the reports that say how large each
group is and who is about to leave it. And what signed webhooks wait meanwhile, beside what they wait without it, in the same
run: the medians at a steady rate.

KINDRED_BUILD names another folder of programs than build/release, KINDRED_ROWS another number of customers."""
import importlib.util
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request

root = pathlib.Path(__file__).resolve().parent.parent
build = pathlib.Path(os.environ.get("KINDRED_BUILD", root / "build/release")).resolve()
admin = "bench-token-of-the-groups-0123456789"
secret = "bench-app-secret"
goal_seconds = 10.0
rate = 500
seconds = 4
rounds = 3


def beside(name):
    """A script that lies beside this one, as a module."""
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), pathlib.Path(__file__).with_name(name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(port, name):
    """How long it took, in seconds."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/reports/{name}", headers={"Authorization": f"Bearer {admin}"})
    began = time.monotonic()
    with urllib.request.urlopen(asked, timeout=300) as answer:
        said = json.load(answer)
    if not said["rows"]:
        raise RuntimeError("the report is empty")
    return time.monotonic() - began


def waits(port):
    """The median wait of a webhook in milliseconds."""
    done = subprocess.run([build / "kindred", "load", "--target", f"http://127.0.0.1:{port}", "--rate", str(rate), "--seconds", str(seconds),
                           "--connections", "16", "--secret", secret, "--json"], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["latency_ms"]["p50"]


def waits_meanwhile(port):
    """The same while one report after the other is made."""
    over = threading.Event()

    def keep_asking():
        while not over.is_set():
            report(port, "stages")

    asking = threading.Thread(target=keep_asking)
    asking.start()
    try:
        time.sleep(0.5)
        return waits(port)
    finally:
        over.set()
        asking.join()


def main():
    customers, webhooks = beside("bench-import"), beside("bench-webhook")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kindred-bench-", dir=root / "build"))
    port = customers.free_port()
    config = folder / "kindred.yaml"
    config.write_text(json.dumps({
        "server": {"listen": f"127.0.0.1:{port}", "public_url": f"http://127.0.0.1:{port}", "threads": 1},
        "store": {"sqlite": str(folder / "kindred.db")}, "rules": str(webhooks.rules_without_limits(folder)), "log": {"level": "error"},
        "tokens": [{"name": "crm", "token": customers.token, "role": "api"}, {"name": "groups", "token": admin, "role": "admin"}],
        "channels": {"api": {"connector": "api"}, "whatsapp": {"connector": "whatsapp", "app_secret": secret, "verify_token": "x"}}}))
    customers.write_rows(folder / "rows.csv")
    process = subprocess.Popen([build / "kindred", "serve", "--config", config])
    try:
        customers.wait_for(port)
        subprocess.run([build / "kindred", "import", folder / "rows.csv", "--config", config, "--json"], check=True, stdout=subprocess.DEVNULL)
        results = []
        for name in ("stages", "segments"):
            took = report(port, name)
            results.append({"name": f"{name} of {customers.wanted} customers, seconds", "ratio": round(took / goal_seconds, 3), "goal": 1.0,
                            "better": "lower", "against": f"{goal_seconds:.0f} s ({took:.1f} s)"})
        alone, meanwhile = [], []
        for _ in range(rounds):
            alone.append(waits(port))
            meanwhile.append(waits_meanwhile(port))
        print(f"median wait of a webhook in ms: alone {alone}, while groups are worked out {meanwhile}")
        results.append({"name": "webhooks while groups are worked out", "better": "lower", "goal": 1.1,
                        "ratio": round(statistics.median(meanwhile) / statistics.median(alone), 3), "against": "the same without"})
        print(json.dumps(results))
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
