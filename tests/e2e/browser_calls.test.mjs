import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, presence } from './support/browser.mjs';
import { Caller } from './support/caller.mjs';
import { Engine } from './support/engine.mjs';
import { secrets } from './support/secrets.mjs';

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
});
