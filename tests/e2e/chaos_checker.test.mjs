import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judge, lossKinds, sentAgain } from '../../tools/chaos.d/checker.mjs';
import { convicts } from '../../tools/chaos.d/run.mjs';
import { History } from '../../tools/chaos.d/history.mjs';

/** A run in which nothing went wrong: two messages of a customer, taken, answered and resolved by agent 1. */
function soundRun() {
  const history = new History();
  const called = (kind, id, more = {}, result = 'ok') => history.end(history.begin({ kind, id, ...more }), result, 200);
  called('contact', 'm1', {}, 'unknown');
  called('contact', 'm1');
  called('contact', 'm2');
  history.saw('1', 'o1', 't1');
  called('accept', 'o1', { agent: '1', ticket: 't1' });
  called('reply', 'answer t1.x', { agent: '1', ticket: 't1' });
  called('resolve', 'r1', { agent: '1', ticket: 't1' });
  const entry = (number, kind, data) => ({ type: 'entry', ticket: 't1', number, kind, data });
  const contact = (number, id) => entry(number, 'contact', { provider_message_id: id, from: 'a', text: `message ${number} of a` });
  const lines = [
    { type: 'ticket', id: 't1', status: 'resolved', channel: 'whatsapp' },
    contact(1, 'm1'), entry(2, 'queued', {}), entry(3, 'offered', { offer: 'o1', agent: { id: '1' } }), contact(4, 'm2'),
    entry(5, 'accepted', { offer: 'o1', agent: { id: '1' } }), entry(6, 'reply', { text: 'answer t1.x' }), entry(7, 'resolved', { agent: { id: '1' } }),
  ];
  const received = [{ text: 'answer t1.x', key: 'k1' }];
  const log = [
    { seq: 1, epoch: 1, before: '', id: 'a.1' }, { seq: 2, epoch: 1, before: 'a.1', id: 'a.2' }, { seq: 3, epoch: 2, before: 'a.2', id: 'b.1' },
  ];
  return { history, lines, received, log, called, entry };
}

function found({ history, lines, others = [], received, log }) {
  const dumps = new Map([['node1', lines], ...others.map((each, at) => [`node${at + 2}`, each])]);
  const kinds = judge(history, { dumps, received, log });
  return Object.keys(kinds).filter((kind) => kinds[kind].length > 0);
}

/** What is done to a sound run, and what the judge must find then, and nothing else. */
const forged = {
  'an acknowledged message that is not on record': [(run) => { run.lines.splice(4, 1); }, ['lost']],
  'a message that is on record twice': [(run) => { run.lines.push(run.lines[4]); }, ['doubled']],
  'a message that nobody sent': [(run) => { run.lines.splice(5, 0, run.entry(4, 'contact', { provider_message_id: 'm9', from: 'b', text: 'message 1 of b' })); }, ['invented']],
  'messages in the other order': [(run) => { [run.lines[1], run.lines[4]] = [run.lines[4], run.lines[1]]; }, ['out_of_order']],
  'a conversation on two tickets': [(run) => { run.lines.push({ type: 'ticket', id: 't2', status: 'waiting', channel: 'whatsapp' }, { ...run.entry(1, 'contact', { provider_message_id: 'm3', from: 'a', text: 'message 3 of a' }), ticket: 't2' }); run.called('contact', 'm3'); }, ['split']],
  'an acceptance that is not on record': [(run) => { run.lines.splice(5, 1); }, ['lost_work']],
  'an acceptance that is on record as another agent\'s': [(run) => { run.lines[5].data.agent.id = '2'; }, ['lost_work']],
  'an answer that is not on record': [(run) => { run.lines.splice(6, 1); }, ['lost_work']],
  'an answer that is on record twice': [(run) => { run.lines.splice(6, 0, run.lines[6]); }, ['replies_doubled']],
  'an end that is not on record': [(run) => { run.lines.splice(7, 1); }, ['lost_work']],
  'an agent who takes what another one holds': [(run) => { run.lines.splice(6, 0, run.entry(5, 'accepted', { offer: 'o2', agent: { id: '2' } })); }, ['two_holders']],
  'an assignment that takes it from somebody else than who holds it': [(run) => { run.lines.splice(6, 0, run.entry(5, 'assigned', { agent: { id: '3' }, taken_from: { id: '2' } })); }, ['two_holders']],
  'an offer that was shown and is not on record': [(run) => { run.history.saw('1', 'o9', 't1'); }, ['unrecorded_offers']],
  'an answer that no provider got': [(run) => { run.received.pop(); }, ['not_sent']],
  'an answer that came to the provider under two keys': [(run) => { run.received.push({ text: 'answer t1.x', key: 'k2' }); }, ['sent_twice']],
  'a batch that is missing in the log': [(run) => { run.log.splice(1, 1); }, ['fenced']],
  'an epoch that falls': [(run) => { run.log[1].epoch = 3; }, ['fenced']],
  'a writer that comes back after another wrote': [(run) => { run.log.push({ seq: 4, epoch: 2, before: 'b.1', id: 'a.3' }); }, ['fenced']],
  'a batch that continues another log': [(run) => { run.log[2].before = 'c.7'; }, ['fenced']],
  'a node that has something else on record': [(run) => { run.others = [run.lines.slice(0, -1)]; }, ['copies_differ']],
};

describe('the judge of tools/chaos', () => {
  it('acquits a run in which nothing went wrong', () => {
    const run = soundRun();
    assert.deepEqual(found({ ...run, others: [run.lines] }), []);
  });

  for (const [what, [forge, expected]] of Object.entries(forged)) {
    it(`convicts ${what}`, () => {
      const run = soundRun();
      forge(run);
      assert.deepEqual(found(run), expected);
    });
  }

  it('takes a hand-over of a ticket, and an answer that comes again under its key, for what they are', () => {
    const run = soundRun();
    run.lines.splice(6, 0, run.entry(5, 'assigned', { agent: { id: '2' }, taken_from: { id: '1' } }));
    run.received.push(run.received[0]);
    assert.deepEqual(found(run), []);
    assert.equal(sentAgain(run.received), 1);
  });

  it('does not hold against the engine what nobody was told is done', () => {
    const run = soundRun();
    run.called('contact', 'm5', {}, 'unknown');
    run.called('contact', 'm6', {}, 'fail');
    assert.deepEqual(found(run), []);
  });

  it('counts what is lost, and the order of what was taken in again, where not every replica had to confirm, and nothing else', () => {
    const found = { lost: ['m1'], lost_work: [], out_of_order: ['t1'], doubled: ['m2'], refused: [] };
    assert.deepEqual(convicts({ found, may_lose: true }), ['doubled']);
    assert.deepEqual(convicts({ found, may_lose: false }), ['lost', 'out_of_order', 'doubled']);
  });

  it('counts as losses only what a missing replica can cost', () => {
    assert.deepEqual(lossKinds, ['lost', 'lost_work', 'unrecorded_offers', 'not_sent']);
  });
});
