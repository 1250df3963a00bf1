import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, presence, screenshot } from './support/browser.mjs';
import { Caller } from './support/caller.mjs';
import { Engine } from './support/engine.mjs';
import { secrets } from './support/secrets.mjs';
import { freshNumber } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

const { accountSid, authToken } = secrets.twilio;

describe('a call on the desk', () => {
  let engine;
  let browser;
  let ann;
  before(async () => {
    engine = await Engine.start({
      channels: (doubles) => ({
        recorded: { connector: 'twilio-voice', account_sid: accountSid, auth_token: authToken, api_base: `${doubles.http}/twilio`, hold_music: '', recording: { consent: 'tell' } },
      }),
    });
    browser = await Browser.start();
    ann = await browser.desk(engine, 'ann');
    await presence(ann, 'available');
  });
  after(async () => {
    await browser?.dispose();
    await engine?.dispose();
  });
  const card = () => ann.locator('.call-card');
  const takes = async (caller) => {
    await caller.ring();
    await ann.getByRole('article', { name: /^Offer:/ }).getByRole('button', { name: /^Accept/ }).click();
    await ann.locator('.ticket-head .status.held').waitFor();
    await engine.doubles.twilio.next((each) => each.call === caller.sid, 'the call to be put through');
    return ann.url().split('/').at(-1);
  };
  const order = (caller) => engine.doubles.twilio.next((each) => each.recordingOf === caller.sid, 'the order about its recording');

  it('its recording is paused while a card is read out, and goes on, by the button', async () => {
    const caller = new Caller(engine, 'recorded');
    const id = await takes(caller);
    await card().getByRole('status').getByText('Recorded', { exact: true }).waitFor();
    await card().getByRole('button', { name: 'Pause recording' }).click();
    assert.equal((await order(caller)).Status, 'paused');
    await card().getByRole('status').getByText('Recording paused').waitFor();
    assert.deepEqual(await accessibilityFaults(ann), []);
    await card().getByRole('button', { name: 'Go on recording' }).click();
    assert.equal((await order(caller)).Status, 'in-progress');
    await card().getByRole('status').getByText('Recorded', { exact: true }).waitFor();
    const sam = await engine.login('sam');
    assert.deepEqual((await sam.ticket(id)).entries.filter((each) => each.kind === 'recording').map((each) => each.recording), ['paused', 'recording']);
    await ann.reload();
    await card().getByRole('button', { name: 'Pause recording' }).waitFor();

    // The same from the command bar, without a hand on the mouse.
    await ann.keyboard.press('Control+k');
    await ann.keyboard.type('Pause the recording');
    await ann.keyboard.press('Enter');
    assert.equal((await order(caller)).Status, 'paused');
    await card().getByRole('button', { name: 'Go on recording' }).waitFor();

    await caller.over();
    await card().getByRole('button', { name: /recording/ }).waitFor({ state: 'detached' });
    await (await engine.login('ann')).expect(200, 'POST', `/api/v1/tickets/${id}/resolve`, {});
    browser.check();
  });

  it('is handed on to a colleague, whose phone rings once they take it, and ends with a word on what came of it', async () => {
    const caller = new Caller(engine, 'recorded');
    const id = await takes(caller);
    const bo = await browser.desk(engine, 'bo');
    await presence(bo, 'available');
    await ann.keyboard.press('t');
    const dialog = ann.getByRole('dialog', { name: 'Transfer' });
    await dialog.getByRole('combobox').selectOption({ label: 'Bo Berg · available' });
    await dialog.getByRole('button', { name: 'Transfer' }).click();
    await ann.getByText(`Ticket ${id} goes to Bo Berg`).waitFor();
    const offer = bo.getByRole('article', { name: /^Offer:/ });
    await offer.getByRole('button', { name: 'Accept and ring my phone' }).click();
    const rung = await engine.doubles.twilio.next((each) => each.call === caller.sid && /<Dial/.test(each.twiml), "the colleague's phone to ring");
    assert.match(rung.twiml, /\+34600000002/);
    await bo.locator('.ticket-head .status.held').waitFor();
    await bo.locator('.call-card').getByText('Your phone rings', { exact: true }).waitFor();
    assert.equal(await ann.locator('.call-card').getByRole('button', { name: 'Hold' }).count(), 0, 'it is no longer the first one\'s call');
    await caller.over();
    await bo.locator('.call-card').getByText('Call ended', { exact: true }).waitFor();
    await bo.keyboard.press('e');
    await bo.getByRole('dialog').getByLabel('Outcome').fill('sold a lamp');
    await bo.keyboard.press('Enter');
    await eventually(async () => ['wrapping_up', 'resolved'].includes((await (await engine.login('sam')).ticket(id)).ticket.status), 'the wrap-up');
    const { entries } = await (await engine.login('sam')).ticket(id);
    assert.equal(entries.find((each) => each.kind === 'resolved').disposition, 'sold a lamp');
    await presence(bo, 'offline');
    await bo.context().close();
    browser.check();
  });

  it('that we placed says that it cannot be put on hold, and offers no button for it', async () => {
    const client = await engine.login('ann');
    const to = `+${freshNumber()}`;
    const { ticket } = await client.expect(201, 'POST', '/api/v1/tickets', { channel: 'recorded', to, from: '+525550001111' });
    await engine.doubles.twilio.next((each) => each.Twiml?.includes(to), 'the call to be placed');
    await ann.goto(`/tickets/${ticket.id}`);
    await card().getByText('A call that we placed cannot be put on hold.').waitFor();
    assert.equal(await card().getByRole('button', { name: 'Hold' }).count(), 0);
    await ann.keyboard.press('Control+k');
    await ann.keyboard.type('on hold');
    await ann.getByText('Nothing of that name can be done here.').waitFor();
    await ann.keyboard.press('Escape');
    assert.equal((await client.put(`/api/v1/tickets/${ticket.id}/hold`, { on_hold: true })).status, 409);
    assert.deepEqual(await accessibilityFaults(ann), []);
    await client.expect(200, 'POST', `/api/v1/tickets/${ticket.id}/resolve`, {});
    browser.check();
  });

  it('is put on hold and goes on by the button, and supervisors see it', async () => {
    const caller = new Caller(engine, 'recorded');
    await caller.ring();
    const offer = ann.getByRole('article', { name: /^Offer:/ });
    await offer.getByRole('button', { name: 'Accept and ring my phone' }).click();
    await engine.doubles.twilio.next((each) => each.call === caller.sid, 'the phone of the agent to ring');
    await ann.locator('.ticket-head .status.held').waitFor();
    const id = ann.url().split('/').at(-1);
    await card().getByRole('button', { name: 'Hold' }).click();
    await engine.doubles.twilio.next((each) => each.call === caller.sid && /One moment/.test(each.twiml), 'the customer to be on hold');
    await card().getByText('On hold', { exact: true }).waitFor();
    assert.deepEqual(await accessibilityFaults(ann), []);
    await screenshot(ann, 'hold-1440');

    const sam = await browser.desk(engine, 'sam');
    await sam.goto('/wall');
    await sam.getByRole('button', { name: /Ann/ }).first().click();
    await sam.getByText('On hold').first().waitFor();
    await sam.goto(`/tickets/${id}`);
    await sam.locator('.call-card').getByText('On hold', { exact: true }).waitFor();

    await card().getByRole('button', { name: 'Go on talking' }).click();
    await engine.doubles.twilio.next((each) => each.call === caller.sid && /<Dial/.test(each.twiml), 'the talk to go on');
    await card().getByText('Your phone rings', { exact: true }).waitFor();
    await sam.locator('.call-card').getByText('Your phone rings', { exact: true }).waitFor();
    await caller.over();
    await card().getByRole('button', { name: 'Hold' }).waitFor({ state: 'detached' });
    await (await engine.login('ann')).expect(200, 'POST', `/api/v1/tickets/${id}/resolve`, {});
    browser.check();
  });
});
