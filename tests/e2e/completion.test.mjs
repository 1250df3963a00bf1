import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { binary } from './support/engine.mjs';

const run = promisify(execFile);

describe('completion', () => {
  /** What bash offers for the last of these words, with the real script of the real program. */
  async function offered(...words) {
    const script = `source <("$0" completion bash); COMP_WORDS=(kindred "$@"); COMP_CWORD=$#; _kindred; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await run('bash', ['--norc', '-c', script, binary, ...words]);
    return stdout.split('\n').filter((word) => word !== '').sort();
  }
  /** Commands and options as help prints them. */
  async function helped(...words) {
    const { stdout } = await run(binary, [...words, '--help']);
    const [head, tail = ''] = stdout.split(/^Subcommands:$/m);
    const commands = [...tail.matchAll(/^ {2}(\S+)/gm)].map((found) => found[1]);
    const options = [...head.matchAll(/^(?: {2}| {4})(-\S+)/gm)].flatMap((found) => found[1].split(','));
    return { commands: commands.sort(), options: options.sort() };
  }

  it('offers what begins so', async () => {
    assert.deepEqual(await offered('rec'), ['receive']);
    assert.deepEqual(await offered('user', ''), ['add', 'list', 'passwd']);
    assert.deepEqual(await offered('user', 'add', '--role', ''), ['admin', 'agent', 'read-only', 'supervisor']);
    assert.deepEqual(await offered('completion', ''), ['bash', 'fish', 'zsh']);
  });

  it('knows every command and option that help knows, and no other', async () => {
    let seen = 0;
    const compare = async (words) => {
      const { commands, options } = await helped(...words);
      seen += 1;
      assert.deepEqual(await offered(...words, '-'), options, words.join(' '));
      if (commands.length > 0) assert.deepEqual(await offered(...words, ''), commands, words.join(' '));
      for (const each of commands) await compare([...words, each]);
    };
    await compare([]);
    assert.ok(seen > 20, `${seen} commands`);
  });

  it('writes for the other shells, too', async () => {
    const { commands } = await helped();
    for (const shell of ['zsh', 'fish']) {
      const { stdout } = await run(binary, ['completion', shell]);
      for (const each of commands) assert.match(stdout, new RegExp(`'kindred ${each}'`), `${shell}: ${each}`);
    }
    await assert.rejects(run(binary, ['completion', 'tcsh']), { code: 2 });
  });
});
