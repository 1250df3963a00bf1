import { createServer } from 'node:net';

// Below the ports that the kernel takes for outgoing connections (from 32768 on): there, between our look and the start of
// whoever is to listen, a connection of anybody's could take a port, even the one that asks whether somebody listens yet.
const lowest = 20_000;
const range = 12_000;
let next = (process.pid * 97) % range;

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Ports of 127.0.0.1 that were free a moment ago, each given once. */
export async function freePorts(count) {
  const ports = [];
  for (let tries = 0; ports.length < count; ++tries) {
    if (tries > range) throw new Error('no port of 127.0.0.1 is free');
    const port = lowest + next;
    next = (next + 1) % range;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}
