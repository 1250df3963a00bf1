import { connect } from 'node:net';

/** What a Redis server or a sentinel answers to one command, on a connection of its own; an error of Redis is thrown. */
export function ask({ host, port }, words, within = 5000) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    const late = setTimeout(() => socket.destroy(new Error(`${host}:${port} did not answer ${words[0]}`)), within);
    const parts = [];
    const end = (settle, value) => {
      clearTimeout(late);
      socket.destroy();
      settle(value);
    };
    socket.on('error', (problem) => end(reject, problem)).on('close', () => end(reject, new Error(`${host}:${port} hung up`)));
    socket.on('data', (bytes) => {
      parts.push(bytes);
      const read = reply(Buffer.concat(parts), 0);
      if (!read) return;
      if (read.value instanceof Error) end(reject, read.value);
      else end(resolve, read.value);
    });
    socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(String(word))}\r\n${word}\r\n`).join('')}`);
  });
}

/** The reply that begins at `at`, and where it ends; null while it is not whole. */
export function reply(bytes, at) {
  const line = bytes.indexOf('\r\n', at);
  if (line < 0) return null;
  const text = bytes.toString('utf8', at + 1, line);
  const next = line + 2;
  switch (String.fromCharCode(bytes[at])) {
    case '+': return { value: text, next };
    case '-': return { value: new Error(text), next };
    case ':': return { value: Number(text), next };
    case '$': return bulk(bytes, Number(text), next);
    case '*': return list(bytes, Number(text), next);
    default: throw new Error(`no reply of Redis: ${text}`);
  }
}

function bulk(bytes, length, at) {
  if (length < 0) return { value: null, next: at };
  if (bytes.length < at + length + 2) return null;
  return { value: bytes.toString('utf8', at, at + length), next: at + length + 2 };
}

function list(bytes, length, at) {
  if (length < 0) return { value: null, next: at };
  const value = [];
  let next = at;
  for (let count = 0; count < length; count += 1) {
    const one = reply(bytes, next);
    if (!one) return null;
    value.push(one.value);
    next = one.next;
  }
  return { value, next };
}
