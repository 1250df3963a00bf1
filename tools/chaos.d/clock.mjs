import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../tests/e2e/support/engine.mjs';

const source = fileURLToPath(new URL('clock.cpp', import.meta.url));
const made = new Map();

/** The library that sets a process' time of day wrong by so many seconds; it is made at its first use. */
function library(seconds) {
  if (made.has(seconds)) return made.get(seconds);
  const file = join(root, `build/chaos/clock${seconds}.so`);
  mkdirSync(dirname(file), { recursive: true });
  const compiled = spawnSync('clang++-16', ['-O2', '-shared', '-fPIC', `-DSECONDS=${seconds}`, '-o', `${file}.${process.pid}`, source], { encoding: 'utf8' });
  if (compiled.status !== 0) throw new Error(compiled.error?.message ?? compiled.stderr);
  renameSync(`${file}.${process.pid}`, file);
  made.set(seconds, file);
  return file;
}

/** A place where the time of day is so many seconds ahead, or behind; how long things take is as it is. */
export function withClock(place, seconds) {
  return seconds ? { ...place, within: [...place.within, 'env', `LD_PRELOAD=${library(seconds)}`] } : place;
}
