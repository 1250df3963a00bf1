const slowest = 15_000;

/**
 * The desk's socket. It comes back by itself and asks for what it has missed: frames are numbered without gaps per
 * agent, so nothing is shown twice and nothing is lost.
 */
export class DeskSocket {
  #last = null;
  #tries = 0;
  #socket = null;
  #timer = null;
  #keepAlive = null;
  #stopped = true;
  #handlers;

  /** @param {{frame: function(object), state: function(string), refused: function()}} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
  }

  start() {
    this.#stopped = false;
    this.#open();
  }

  stop() {
    this.#stopped = true;
    this.#last = null;
    clearTimeout(this.#timer);
    clearInterval(this.#keepAlive);
    this.#socket?.close();
  }

  #open() {
    const url = new URL('/api/v1/desk', location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    if (this.#last !== null) url.searchParams.set('after', String(this.#last));
    this.#handlers.state(this.#tries === 0 ? 'connecting' : 'reconnecting');
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.addEventListener('open', () => this.#opened(socket));
    socket.addEventListener('message', (event) => this.#arrived(socket, JSON.parse(event.data)));
    socket.addEventListener('close', () => this.#closed(socket));
  }

  #opened(socket) {
    this.#handlers.state('live');
    clearInterval(this.#keepAlive);
    this.#keepAlive = setInterval(() => {
      if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}');
    }, 25_000);
  }

  #arrived(socket, frame) {
    if (typeof frame.seq === 'number') {
      const fresh = frame.type === 'snapshot' || frame.type === 'reset' || this.#last === null;
      if (!fresh && frame.seq <= this.#last) return;
      if (!fresh && frame.seq !== this.#last + 1) {
        this.#last = null;
        socket.close();
        return;
      }
      this.#last = frame.seq;
    }
    this.#tries = 0;
    this.#handlers.frame(frame);
  }

  #closed(socket) {
    if (socket !== this.#socket || this.#stopped) return;
    clearInterval(this.#keepAlive);
    this.#handlers.state('reconnecting');
    this.#tries += 1;
    if (this.#tries > 2) this.#handlers.refused();
    const wait = Math.min(slowest, 250 * 2 ** Math.min(this.#tries, 6)) * (0.5 + Math.random() / 2);
    this.#timer = setTimeout(() => this.#open(), wait);
  }
}
