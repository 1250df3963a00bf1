#!/usr/bin/env python3
"""Whole decisions among 10,000 routes beside two other rule engines on the same rules and contacts, in the same run: CLIPS
(Debian's package clips, run as a program) and json-rules-engine (npm). All three must find the same route for every
contact. Times are of the CPU, so that neighbours do not count."""
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
folder = root / "build/bench-rules"
contacts_for_clips = 100
repetitions = 10
contacts_for_json_rules = 10  # it takes tens of milliseconds for one

json_rules = """
import { readFileSync } from 'node:fs'
import rulesEngine from 'json-rules-engine'
const [rulesFile, contactsFile, count] = process.argv.slice(2)
const rules = JSON.parse(readFileSync(rulesFile)), contacts = JSON.parse(readFileSync(contactsFile)).slice(0, Number(count))
const engine = new rulesEngine.Engine([], { allowUndefinedFacts: true })
const conditionsOf = asked => 'least' in asked
  ? [{ fact: asked.fact, operator: 'greaterThanInclusive', value: asked.least },
     { fact: asked.fact, operator: 'lessThanInclusive', value: asked.most }]
  : [asked.has ? { fact: asked.fact, operator: 'contains', value: asked.values[0] }
     : asked.values.length === 1 ? { fact: asked.fact, operator: 'equal', value: asked.values[0] }
     : { fact: asked.fact, operator: 'in', value: asked.values }]
rules.forEach((asked, place) => engine.addRule({
  conditions: { all: asked.flatMap(conditionsOf) }, event: { type: 'route', params: { place } }, priority: rules.length - place }))
engine.on('success', (event, almanac) => engine.stop())
const first = async contact => {
  const { events } = await engine.run(contact)
  return events.length > 0 ? Math.min(...events.map(each => each.params.place)) : -1
}
await first(contacts[0])
const found = []
const begin = process.cpuUsage()
for (const contact of contacts) found.push(await first(contact))
const took = process.cpuUsage(begin)
const us = (took.user + took.system) / contacts.length
console.log(JSON.stringify({ found, us }))
"""


def place_of(route):
    return int(route.split()[1]) if route != "fallback" else -1


def run_ours():
    done = subprocess.run([root / "build/release/rules_peers_bench", folder, "10000"], check=True, stdout=subprocess.PIPE, text=True)
    said = json.loads(done.stdout)
    return [place_of(route) for route in said["found"]], said["us"]


def run_json_rules():
    peers = root / "build/bench-peers"
    peers.mkdir(parents=True, exist_ok=True)
    if not (peers / "node_modules/json-rules-engine").exists():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "json-rules-engine@7.3.1"], cwd=peers, check=True,
                       stdout=subprocess.DEVNULL)
    (peers / "run.mjs").write_text(json_rules)
    done = subprocess.run(["node", "run.mjs", folder / "rules.json", folder / "contacts.json", str(contacts_for_json_rules)], cwd=peers,
                          check=True, stdout=subprocess.PIPE, text=True)
    said = json.loads(done.stdout)
    return said["found"], said["us"]


def clips_with(contacts):
    """What CLIPS finds for these contacts, and the CPU seconds of the whole run."""
    script = folder / "run.bat"
    script.write_text("(load* rules.clp)\n(reset)\n" + "\n".join(contacts) + "\n(exit)\n")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run(["clips", "-f2", "run.bat"], cwd=folder, stdout=subprocess.PIPE, text=True, env={**os.environ, "TERM": "dumb"})
    found = [int(each) for each in re.findall(r"found (-?\d+)", done.stdout)]
    if len(found) != len(contacts):
        raise SystemExit("CLIPS said something else: " + done.stdout[-500:])
    return found, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def run_clips():
    if not shutil.which("clips"):
        raise SystemExit("CLIPS is not installed: apt-get install --no-install-recommends clips")
    contacts = (folder / "contacts.clp").read_text().strip().split("\n\n")
    found, alone = clips_with(contacts[:contacts_for_clips])
    _, repeated = clips_with(contacts[:contacts_for_clips] * (1 + repetitions))
    return found, (repeated - alone) * 1e6 / contacts_for_clips / repetitions


def main():
    ours, our_us = run_ours()
    results = []
    for name, run, goal in (("json-rules-engine", run_json_rules, 100), ("CLIPS", run_clips, 10)):
        found, us = run()
        if found != ours[:len(found)]:
            raise SystemExit(f"{name} finds other routes: {list(zip(found, ours))[:10]}")
        print(f"{name}: {us:.0f} us a contact, Kindred's whole decision {our_us:.1f} us")
        results.append({"name": f"decision_beside_{name}", "ratio": us / our_us, "goal": goal, "against": f"{name} on the same 10,000 rules",
                        "better": "higher"})
    print(json.dumps(results))
    return 0


sys.exit(main())
