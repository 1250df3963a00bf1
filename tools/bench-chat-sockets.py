#!/usr/bin/env python3
"""10,000 idle web chats in the whole engine, beside as many idle WebSockets of the shape of Beast's own examples: resident
memory for each. Every visitor has been welcomed and says nothing. The goal is an absolute one, 12 kB, so the ratio is to
that; what the bare loop uses is said beside it.

KINDRED_BUILD names another folder of programs than build/release, KINDRED_SOCKETS another number of chats."""
import base64
import json
import os
import pathlib
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parent.parent
build = pathlib.Path(os.environ.get("KINDRED_BUILD", root / "build/release")).resolve()
wanted = int(os.environ.get("KINDRED_SOCKETS", 10_000))
per_address = 900  # the engine takes 1,000 connections of one peer
goal = 12_000  # bytes
warm_up = 200  # what the process grows by once, whoever comes


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def resident(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no VmRSS")


def wait_for(port):
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not come up")


def open_chat(port, path, number, welcomed):
    s = socket.socket()
    s.bind((f"127.0.0.{2 + number // per_address}", 0))
    s.settimeout(60)
    s.connect(("127.0.0.1", port))
    key = base64.b64encode(os.urandom(16)).decode()
    s.sendall((f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
    told = b""
    while b"\r\n\r\n" not in told or (welcomed and b"welcome" not in told):
        part = s.recv(4096)
        if not part:
            raise RuntimeError(f"socket {number}: {told[:200]!r}")
        told += part
    if not told.startswith(b"HTTP/1.1 101"):
        raise RuntimeError(f"socket {number}: {told[:200]!r}")
    return s


def bytes_each(process, port, path, welcomed):
    chats = [open_chat(port, path, i, welcomed) for i in range(warm_up)]
    time.sleep(1)
    before = resident(process.pid)
    chats += [open_chat(port, path, warm_up + i, welcomed) for i in range(wanted)]
    time.sleep(1)
    after = resident(process.pid)
    for each in chats:
        each.close()
    return (after - before) / wanted


def of_bare_loop():
    port = free_port()
    process = subprocess.Popen([build / "http_idle_sockets_bench", str(port)])
    try:
        wait_for(port)
        return bytes_each(process, port, "/", False)
    finally:
        process.kill()
        process.wait()


def of_engine():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kindred-bench-"))
    port = free_port()
    config = {"server": {"listen": f"127.0.0.1:{port}", "public_url": f"http://127.0.0.1:{port}", "threads": 1},
              "store": {"sqlite": str(folder / "kindred.db")}, "rules": str(root / "rules"), "log": {"level": "error"},
              "people": str(root / "config/people.yaml"), "channels": {"webchat": {"connector": "webchat"}}}
    (folder / "kindred.yaml").write_text(json.dumps(config))
    process = subprocess.Popen([build / "kindred", "serve", "--config", folder / "kindred.yaml"])
    try:
        wait_for(port)
        return bytes_each(process, port, "/chat/webchat", True)
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
needed = wanted + warm_up + 500
if hard != resource.RLIM_INFINITY and hard < needed:
    sys.exit(f"{needed} open files are needed, {hard} are allowed")
resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, needed), hard))
bare = of_bare_loop()
ours = of_engine()
print(json.dumps({"name": f"{wanted} idle web chats, memory of each", "ratio": round(ours / goal, 3), "goal": 1.0, "better": "lower",
                  "against": f"12 kB ({ours / 1000:.1f} kB; the bare loop uses {bare / 1000:.1f} kB)"}))
