import { createServer, connect } from 'node:net';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from './engine.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const program = process.env.KINDRED_CHROMIUM ?? '/usr/bin/chromium';

/** Debian's Chromium. Faults of a page (errors, what its policy forbade, calls to other hosts) fail `check`. */
export class Browser {
  #browser;
  #contexts = [];
  faults = [];

  static async start() {
    const made = new Browser();
    made.#browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
    return made;
  }

  /** A page of a person of its own: cookies and storage are shared with no other. */
  async page(url, { width = 1440, height = 900, dark = false, language = 'en', ...more } = {}) {
    const context = await this.#browser.newContext({ baseURL: url, viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', locale: language, reducedMotion: 'reduce', ...more });
    this.#contexts.push(context);
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    const host = new URL(url).host;
    page.on('pageerror', (error) => this.faults.push(`${error.message}\n${error.stack}`));
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted Type|\[Vue warn\]|\[intlify\]/i.test(message.text())) this.faults.push(message.text());
    });
    page.on('dialog', (dialog) => {
      this.faults.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      const asked = new URL(request.url());
      if (['http:', 'https:', 'ws:', 'wss:'].includes(asked.protocol) && asked.host !== host) this.faults.push(`asked another host: ${request.url()}`);
    });
    return page;
  }

  /** A page on which this agent is logged in. */
  async desk(engine, login, options = {}) {
    const page = await this.page(options.url ?? engine.url, options);
    await page.goto('/');
    await page.getByLabel('Log-in').fill(login);
    await page.getByLabel('Password').fill(`secret-${login}`);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('.desk[data-live="live"]').waitFor();
    return page;
  }

  /** What no page may have done. */
  check() {
    const { faults } = this;
    this.faults = [];
    if (faults.length > 0) throw new Error(`in the browser: ${faults.slice(0, 5).join('\n')}`);
  }

  async dispose() {
    for (const context of this.#contexts) await context.close().catch(() => {});
    await this.#browser.close();
    this.check();
  }
}

/** Makes somebody present, as the menu does it. */
export async function presence(page, state) {
  await page.getByRole('button', { name: /^Presence/ }).click();
  await page.getByRole('menuitem', { name: state }).click();
  await page.getByRole('button', { name: `Presence: ${state}` }).waitFor();
}

/** Serious violations of WCAG that axe finds, as lines of text. */
export async function accessibilityFaults(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: { region: { enabled: false } },
  }));
  return violations.filter((each) => ['serious', 'critical'].includes(each.impact))
    .flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.target.join(' ')}: ${node.failureSummary?.split('\n').slice(0, 3).join(' ')}`));
}

/** What docs/screens shows: each screen once, and some of them dark or on a telephone. */
const shown = new Set(['login-1440', 'channel-message-1440', 'role-1440', 'offer-target-1440', 'inbox-360', 'ticket-1440', 'ticket-1440-dark', 'ticket-360', 'why-1440', 'commands-1440', 'keys-1440', 'wall-1440-dark', 'call-1440', 'notes-1440', 'merge-1440', 'people-1440', 'tokens-1440', 'audit-360', 'channels-1440', 'reports-1440', 'journey-1440', 'incidents-1440', 'coverage-1440', 'findings-1440', 'targets-1440', 'drain-1440', 'staffing-1440', 'compare-1440', 'start-1440', 'rules-1440', 'backtest-1440']);

/** Writes docs/screens/<name>.png where KINDRED_SCREENS=1 asks for it; KINDRED_SCREENS=all writes every one. */
export async function screenshot(page, name) {
  const wanted = process.env.KINDRED_SCREENS;
  if (!wanted || (wanted !== 'all' && !shown.has(name))) return;
  const folder = join(root, 'docs/screens');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), scale: 'css', animations: 'disabled' });
}

/** A wire between browsers and the engine that can be cut. */
export class Wire {
  #server;
  #ends = new Set();
  #whole = true;
  /** A cut that is to come: {bytes} that still go through before it, and who waits for it. */
  #coming = null;

  static async to(port) {
    const made = new Wire();
    made.#server = createServer((near) => made.#join(near, port));
    await new Promise((resolve) => { made.#server.listen(0, '127.0.0.1', resolve); });
    made.url = `http://127.0.0.1:${made.#server.address().port}`;
    return made;
  }

  #join(near, port) {
    if (!this.#whole) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [[near, far], [far, near]]) {
      this.#ends.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        this.#ends.delete(one);
        other.destroy();
      });
      one.on('data', (part) => this.#passed(part.length));
      one.pipe(other);
    }
  }

  /** Ends every connection in the middle of whatever it says; new ones come through, unless it stays cut. */
  cut({ stay = false } = {}) {
    this.#whole = !stay;
    for (const each of this.#ends) each.destroy();
  }

  /** Cuts when so many more bytes have come by, in the middle of whatever they say. */
  cutAfter(bytes) {
    return new Promise((resolve) => { this.#coming = { bytes, resolve }; });
  }

  #passed(bytes) {
    const coming = this.#coming;
    if (coming === null) return;
    coming.bytes -= bytes;
    if (coming.bytes > 0) return;
    this.#coming = null;
    this.cut();
    coming.resolve();
  }

  mend() {
    this.#whole = true;
  }

  async close() {
    this.cut({ stay: true });
    await new Promise((resolve) => { this.#server.close(resolve); });
  }
}
