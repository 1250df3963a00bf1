#!/usr/bin/env python3
"""Copies of the files of engine/dispatch/ that mutants.txt has bugs for, with the bugs behind a switch.

    mutate.py MUTANTS ENGINE_DISPATCH INTO      writes the copies
    mutate.py MUTANTS --files                   names them

Spaces at the beginning of lines do not matter.
"""
import re
import sys
from pathlib import Path


def read(path):
    bugs = []
    for block in re.split(r"\n\s*\n", path.read_text()):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if not lines:
            continue
        number, file, says = re.fullmatch(r"(\d+) (\S+): (.*)", lines[0]).groups()
        was = [line[1:].strip() for line in lines[1:] if line.startswith("-")]
        becomes = [line[1:].strip() for line in lines[1:] if line.startswith("+")]
        bugs.append((int(number), file, says, was, becomes))
    return bugs


def main():
    path = Path(sys.argv[1])
    bugs = read(path)
    if sys.argv[2] == "--files":
        print(";".join(sorted({file for _, file, _, _, _ in bugs})))
        return
    sources, into = Path(sys.argv[2]), Path(sys.argv[3])
    into.mkdir(parents=True, exist_ok=True)
    texts = {file: (sources / file).read_text() for _, file, _, _, _ in bugs}
    for number, file, _, was, becomes in bugs:
        pattern = r"\s*\n\s*".join(re.escape(line) for line in was)
        found = re.findall(pattern, texts[file])
        if len(found) != 1:
            sys.exit(f"{path}: bug {number}: its line is in {file} {len(found)} times, it must be there once: {was[0]}")
        texts[file] = re.sub(pattern, lambda _: "\n".join(becomes), texts[file])
    for file, text in texts.items():
        (into / file).write_text('#include "tests/dispatch/mutants/switch.hpp"\n' + text)
    rows = "".join(f'    {{{number}, "{file}: {says}"}},\n' for number, file, says, _, _ in bugs)
    (into / "bugs.inc").write_text(rows)


main()
