import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { chromium } from 'playwright-core';

const executablePath = process.env.KINDRED_CHROMIUM ?? '/usr/bin/chromium';

/** Why no browser can run here; empty when it can. */
export const noBrowser = existsSync(executablePath) ? '' : `${executablePath} is not installed: tools/setup installs it`;

export const launch = () => chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });

const listen = (server) => new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(server.address().port)); });

/** A shop's page, on another address than the engine's, that embeds the chat. */
export class ShopPage {
  static async open() {
    const shop = new ShopPage();
    shop.server = createServer((request, response) => {
      const url = new URL(request.url, 'http://shop');
      const attributes = [...url.searchParams].map(([name, value]) => `${name}="${value.replaceAll('"', '&quot;')}"`).join(' ');
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(`<!doctype html><html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Lamps</title><h1>Lamps</h1><script ${attributes} defer></script>`);
    });
    shop.port = await listen(shop.server);
    return shop;
  }

  /** The page's address; the attributes are those of the script. */
  address(engineUrl, attributes = {}) {
    return `http://127.0.0.1:${this.port}/?${new URLSearchParams({ src: `${engineUrl}/chat/webchat.js`, ...attributes })}`;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => { this.server.close(resolve); });
  }
}

/** A network between browser and engine that can be cut: every connection ends at once, without a word. */
export class Wire {
  #open = new Set();

  static async to(port) {
    const wire = new Wire();
    wire.server = createTcpServer((near) => {
      const far = connect({ host: '127.0.0.1', port });
      const pair = [near, far];
      wire.#open.add(pair);
      near.pipe(far).pipe(near);
      for (const end of pair) end.on('error', () => {}).on('close', () => { pair.forEach((each) => each.destroy()); wire.#open.delete(pair); });
    });
    wire.port = await listen(wire.server);
    wire.url = `http://127.0.0.1:${wire.port}`;
    return wire;
  }

  get connections() {
    return this.#open.size;
  }

  cut() {
    for (const pair of this.#open) pair.forEach((end) => end.destroy());
  }

  close() {
    this.cut();
    return new Promise((resolve) => { this.server.close(resolve); });
  }
}
