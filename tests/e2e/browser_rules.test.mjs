import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { accessibilityFaults, Browser, screenshot } from './support/browser.mjs';
import { Engine } from './support/engine.mjs';
import { freshId } from './support/sign.mjs';
import { eventually } from './support/wait.mjs';

describe('rules in a browser', () => {
  let engine;
  let browser;
  let page;
  before(async () => {
    engine = await Engine.start();
    browser = await Browser.start();
    for (let count = 0; count < 6; count += 1) {
      const answer = await engine.shop.post('/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('r')}@mail.example`, text: count % 2 ? 'about my lamp' : 'something else' });
      assert.equal(answer.status, 202, answer.text);
    }
    page = await browser.desk(engine, 'root');
    await page.getByRole('link', { name: 'Rules' }).click();
    await page.locator('.cm-content').waitFor();
  });
  after(async () => {
    await browser?.dispose();
    await engine?.dispose();
  });

  const text = () => page.locator('.cm-content');
  const inForce = async () => (await engine.login('root')).expect(200, 'GET', '/api/v1/rules');
  const queueOf = async (said) => {
    const answer = await engine.shop.post('/api/v1/contacts', { channel: { name: 'api' }, from: `${freshId('r')}@mail.example`, text: said });
    return (await (await engine.login('sam')).ticket(answer.body.ticket)).ticket.queue;
  };

  /** Replaces the open file by what is pasted. */
  async function write(content) {
    await text().click();
    await page.keyboard.press('Control+a');
    await text().evaluate((editor, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, content);
  }
  const routing = (routes) => `routes:\n${routes}fallback: { queue: general }\n`;

  it('checks while it is typed, and says where', async () => {
    await write(routing('  - { name: lamps, when: { contact.text: { contains: lamp } }, queue: nowhere }\n'));
    const problem = page.getByRole('button', { name: 'routing.yaml:2' });
    await problem.first().waitFor();
    await page.getByText('1 errors').or(page.getByText(/^\d+ errors$/)).first().waitFor();
    assert.ok(await page.getByRole('button', { name: 'Activate' }).isDisabled());
    await page.locator('.cm-lintRange-error').first().waitFor();
    await problem.first().click();
    await eventually(() => text().evaluate((each) => each === each.getRootNode().activeElement), 'the editor to have the focus');
    assert.deepEqual(await accessibilityFaults(page), []);
    browser.check();
  });

  it('completes keys and facts', async () => {
    await write('routes:\n  - name: lamps\n    whe');
    await page.keyboard.press('Control+Space');
    await page.locator('.cm-tooltip-autocomplete li').getByText('when').first().waitFor();
    await page.keyboard.press('Escape');
    browser.check();
  });

  it('explains and backtests what is in the editor, then activates it and goes back', async () => {
    const { hash } = await inForce();
    await write(routing('  - { name: lamps, when: { contact.text: { contains: lamp } }, queue: pair }\n'));
    await page.locator('.activate').getByText('no errors').waitFor();
    await page.getByRole('tab', { name: 'Explain' }).click();
    await page.getByLabel('What the customer writes').fill('my lamp is dark');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.locator('.rules-side .facts').getByText('pair').waitFor();
    await page.locator('.tried .held').getByText('lamps').waitFor();
    await screenshot(page, 'rules-1440');
    await page.getByRole('tab', { name: 'Backtest' }).click();
    await page.getByRole('button', { name: 'What would these have done?' }).click();
    await page.getByText(/^Of 6 contacts on record 3 would go/).waitFor();
    await page.getByRole('row', { name: /general\s+pair\s+3/ }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await screenshot(page, 'backtest-1440');

    await page.getByRole('tab', { name: 'Meaning and tests' }).click();
    const side = page.locator('.rules-side');
    await side.getByText('0 passed, 0 failed.').waitFor();
    await side.getByText(/^Of \d+ contacts made up for this, \d+ kinds go to another queue/).waitFor();
    await side.getByText('general → pair', { exact: true }).first().waitFor();
    await side.getByText('route lamps added').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await screenshot(page, 'compare-1440');

    await page.getByRole('button', { name: 'Activate' }).click();
    await page.getByRole('alertdialog').getByText('general → pair', { exact: true }).first().waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await screenshot(page, 'activate-1440');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Activate' }).click();
    await page.locator('.news').getByText('are in force').waitFor();
    assert.notEqual((await inForce()).hash, hash);
    assert.equal(await queueOf('another lamp'), 'pair');

    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.getByRole('button', { name: 'Go back to it' }).first().click();
    await eventually(async () => (await inForce()).hash === hash, 'the rules of before to be in force');
    assert.equal(await queueOf('another lamp'), 'general');
    browser.check();
  });

  it('runs the rule tests, leads to those that fail, and warns before it activates all the same', async () => {
    await page.getByRole('tab', { name: 'Problems' }).click();
    await page.getByPlaceholder('folder/name.yaml').fill('tests/lamps.yaml');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.locator('.rules-editor[aria-label="tests/lamps.yaml"] .cm-content').waitFor();
    await write('tests:\n  - name: lamps go to the pair\n    given: { contact: { channel: { name: api, kind: api }, text: a lamp } }\n    expect: { queue: pair }\n');
    await page.locator('.activate').getByText('no errors').waitFor();
    await page.getByRole('tab', { name: 'Meaning and tests' }).click();
    await page.locator('.rules-side').getByText('0 passed, 1 failed.').waitFor();
    await page.locator('.rules-side').getByText('expected queue: pair; it is "general"').waitFor();
    await page.getByRole('button', { name: 'Activate' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByText('1 rule tests fail with these files.').waitFor();
    await dialog.getByRole('button', { name: 'Activate all the same' }).waitFor();
    await dialog.getByRole('button', { name: 'tests/lamps.yaml:2' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.locator('.rules-editor[aria-label="tests/lamps.yaml"] .cm-content').waitFor();
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await page.getByRole('navigation', { name: 'Files' }).getByRole('button', { name: 'routing.yaml' }).click();
    await page.locator('.rules-editor[aria-label="routing.yaml"] .cm-content').waitFor();
    browser.check();
  });

  it('says so when others have activated rules meanwhile', async () => {
    const root = await engine.login('root');
    const { hash } = await inForce();
    await page.getByRole('tab', { name: 'Problems' }).click();
    await write(routing('  - { name: mine, when: { contact.text: { contains: mine } }, queue: pair }\n'));
    await page.locator('.activate').getByText('no errors').waitFor();
    const { files } = await root.expect(200, 'GET', `/api/v1/rules/${hash}`);
    await root.expect(200, 'POST', '/api/v1/rules/activate', { from: hash, files: { ...files, 'routing.yaml': routing('  - { name: theirs, when: { contact.text: { contains: theirs } }, queue: pair }\n') } });
    await page.getByRole('button', { name: 'Activate' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Activate' }).click();
    await page.locator('.news-item.bad').getByText('Others are in force by now').waitFor();
    browser.check();
  });

  it('opens a rule at the line that a ticket names', async () => {
    await page.goto('/rules?file=queues.yaml&line=3');
    await page.locator('.rules-editor[aria-label="queues.yaml"] .cm-content').waitFor();
    browser.check();
  });

  it('is for admins', async () => {
    const sam = await browser.desk(engine, 'sam');
    await sam.goto('/rules');
    await sam.locator('.desk[data-live="live"]').waitFor();
    await sam.getByRole('heading', { name: 'This screen is not for you' }).waitFor();
    assert.equal(await sam.locator('.cm-editor').count(), 0);
    assert.equal(await sam.getByRole('link', { name: 'Rules' }).count(), 0);
    browser.check();
  });
});
