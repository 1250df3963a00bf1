import { faults } from './faults.mjs';
import { Namespaces } from './network.mjs';
import { convicts, runOnce } from './run.mjs';

/** The end of this process and of all that it started: nothing of it may stay. */
function vanish() {
  for (const network of Namespaces.alive) network.dispose();
  process.kill(-process.pid, 'SIGKILL');
}

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
  process.send(answer, vanish);
});

process.on('unhandledRejection', (problem) => process.send({ failed: problem.stack }, vanish));
process.on('disconnect', vanish);
