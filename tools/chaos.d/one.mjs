import { faults } from './faults.mjs';
import { Namespaces } from './network.mjs';
import { convicts, runOnce } from './run.mjs';

/** One run in a process (and a process group) of its own, for tools/chaos, which sends what to do and is sent what came of it. */
process.once('message', async ({ name, ...given }) => {
  let answer;
  try {
    const { found, ...verdict } = await runOnce(faults[name], given);
    const wrong = convicts({ found, ...verdict });
    answer = { ...verdict, wrong, found: Object.fromEntries(Object.entries(found).map(([kind, list]) => [kind, list.length])),
      told: wrong.map((kind) => `${kind}: ${found[kind].length}: ${found[kind].slice(0, 3).join('; ')}`) };
  } catch (problem) {
    answer = { failed: problem.stack };
  }
  process.send(answer, () => process.exit(0));
});

// Nobody waits for it any more: nothing of it may stay.
process.on('disconnect', () => {
  for (const network of Namespaces.alive) network.dispose();
  process.kill(-process.pid, 'SIGKILL');
});
