/*
 * The chat of a web page: <script src="https://support.example.com/chat/webchat.js" data-title="Ask us" defer></script>
 * One script, no other request than its socket. What the visitor wrote is kept in the browser until the engine has
 * acknowledged it and is sent again, under the same id, after every interruption. Its styles live in a shadow tree, so
 * page and chat do not touch each other.
 */
(() => {
  'use strict';

  const script = document.currentScript;
  const address = new URL(script.src);
  const channel = address.pathname.replace(/^.*\/chat\//, '').replace(/\.js$/, '');
  const slowest = 20_000;
  const longest = 4_000;

  /** What survives a reload: the visitor's token, the last number shown and what is not acknowledged yet. */
  class Memory {
    #key = `kindred-chat:${address.host}:${channel}`;
    #kept = { visitor: null, unsent: [] };

    constructor() {
      try {
        this.#kept = { ...this.#kept, ...JSON.parse(localStorage.getItem(this.#key) ?? '{}') };
      } catch { /* no storage, or not ours: a chat without memory still works */ }
    }

    get visitor() { return this.#kept.visitor; }
    get unsent() { return this.#kept.unsent; }

    remember(changes) {
      Object.assign(this.#kept, changes);
      try {
        localStorage.setItem(this.#key, JSON.stringify(this.#kept));
      } catch { /* as above */ }
    }

    add(message) { this.remember({ unsent: [...this.unsent, message] }); }
    drop(id) { this.remember({ unsent: this.unsent.filter((message) => message.id !== id) }); }
  }

  /** The conversation with the engine: connects, comes back, sends again. */
  class Conversation {
    #memory = new Memory();
    #socket = null;
    #timer = null;
    #tries = 0;
    #last = 0;
    #show;

    constructor(show) { this.#show = show; }

    /** Connects once; later calls do nothing. */
    start() {
      if (this.#socket === null) this.#connect();
    }

    get begun() { return this.#memory.visitor !== null; }
    get unsent() { return this.#memory.unsent; }

    say(text) {
      const message = { type: 'message', id: newId(), text, language: navigator.language, page: location.pathname };
      this.#memory.add(message);
      this.#show.mine(message);
      this.#send(message);
      this.start();
    }

    #connect() {
      const url = new URL(`/chat/${channel}`, address);
      url.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
      if (this.#memory.visitor) url.searchParams.set('visitor', this.#memory.visitor);
      if (this.#last > 0) url.searchParams.set('after', String(this.#last));
      const socket = new WebSocket(url);
      this.#socket = socket;
      socket.addEventListener('message', (event) => this.#arrived(JSON.parse(event.data)));
      socket.addEventListener('close', () => this.#again());
    }

    #again() {
      this.#show.online(false);
      this.#tries += 1;
      const wait = Math.min(slowest, 300 * 2 ** Math.min(this.#tries, 7)) * (0.5 + Math.random() / 2);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#connect(), wait);
    }

    #send(frame) {
      if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
    }

    #arrived(frame) {
      const meaning = {
        welcome: () => this.#welcome(frame),
        message: () => this.#line(frame),
        ack: () => { this.#memory.drop(frame.id); this.#show.acknowledged(frame.id, frame.number); this.#seen(frame.number); },
        refused: () => { this.#memory.drop(frame.id); this.#show.refused(frame.id, frame.reason); },
        typing: () => this.#show.typing(),
      }[frame.type];
      meaning?.();
    }

    #welcome(frame) {
      this.#tries = 0;
      if (frame.visitor !== this.#memory.visitor) this.#last = 0;
      this.#memory.remember({ visitor: frame.visitor });
      this.#show.online(true);
      for (const line of frame.history) this.#line(line);
      for (const message of this.#memory.unsent) this.#send(message);
    }

    #line(line) {
      this.#show.line(line);
      this.#seen(line.number);
      if (line.from === 'agent') this.#send({ type: 'received', number: line.number });
    }

    #seen(number) {
      if (number > this.#last) this.#last = number;
    }
  }

  function newId() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  const styles = `
    :host { all: initial; position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; font: 15px/1.45 system-ui, sans-serif; color: #17211e; }
    * { box-sizing: border-box; }
    button { font: inherit; cursor: pointer; border: none; border-radius: 99px; background: #0f766e; color: #fff; padding: .6em 1.1em; }
    button:focus-visible, textarea:focus-visible { outline: 3px solid #5eead4; outline-offset: 1px; }
    .launch { box-shadow: 0 4px 16px rgb(0 0 0 / .25); font-weight: 600; }
    .window { width: min(360px, calc(100vw - 40px)); height: min(520px, calc(100vh - 60px)); display: flex; flex-direction: column; background: #fff; border-radius: 14px; box-shadow: 0 8px 40px rgb(0 0 0 / .28); overflow: hidden; }
    [hidden] { display: none !important; }
    header { display: flex; align-items: center; gap: .6em; background: #0f766e; color: #fff; padding: .7em 1em; font-weight: 600; }
    header small { font-weight: 400; opacity: .85; margin-left: auto; }
    header button { padding: .1em .5em; font-size: 1.2em; line-height: 1; }
    ol { flex: 1; overflow: auto; margin: 0; padding: 1em; list-style: none; display: flex; flex-direction: column; gap: .5em; background: #f3f5f4; }
    li { max-width: 84%; padding: .5em .8em; border-radius: 14px; background: #fff; white-space: pre-wrap; overflow-wrap: anywhere; }
    li.customer { align-self: flex-end; background: #d9f0ec; }
    li.pending { opacity: .6; }
    li.failed { background: #fde8e6; }
    li b { display: block; font-size: .8em; color: #5a6964; }
    li small { display: block; color: #b3261e; }
    .typing { min-height: 1.4em; margin: 0; padding: 0 1em; font-size: .85em; color: #5a6964; background: #f3f5f4; }
    form { display: flex; gap: .5em; padding: .6em; border-top: 1px solid #d9e0dd; }
    textarea { flex: 1; font: inherit; color: inherit; resize: none; border: 1px solid #d9e0dd; border-radius: 10px; padding: .45em .6em; }
  `;

  /** The window: a button that opens it, the lines, a place to write. */
  class ChatWindow {
    #lines = new Map();
    #typingTimer = null;

    constructor(title) {
      const host = document.createElement('kindred-chat');
      const root = host.attachShadow({ mode: 'open' });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(styles);
      root.adoptedStyleSheets = [sheet];
      this.launch = made('button', { type: 'button', class: 'launch', 'aria-expanded': 'false' }, title);
      this.status = made('small', { role: 'status' });
      this.log = made('ol', { role: 'log', 'aria-live': 'polite', 'aria-label': 'Messages', tabindex: '0' });
      this.typingLine = made('p', { class: 'typing', 'aria-live': 'off' });
      this.input = made('textarea', { rows: '2', maxlength: String(longest), 'aria-label': 'Message', placeholder: 'Write a message \u2026' });
      this.close = made('button', { type: 'button', 'aria-label': 'Close the chat' }, '\u00d7');
      this.form = made('form', {}, this.input, made('button', { type: 'submit' }, 'Send'));
      this.window = made('section', { class: 'window', role: 'dialog', 'aria-label': title, hidden: '' },
        made('header', {}, made('span', {}, title), this.status, this.close), this.log, this.typingLine, this.form);
      root.append(this.window, this.launch);
      document.body.append(host);
      this.conversation = new Conversation(this);
      this.#listen();
      for (const message of this.conversation.unsent) this.mine(message);
      if (this.conversation.begun) this.conversation.start();
    }

    online(yes) { this.status.textContent = yes ? '' : 'reconnecting \u2026'; }

    /** A line of the history, or a new one; the same number is shown once. */
    line({ number, from, name, text }) {
      if (this.#lines.has(number)) return;
      this.typingLine.textContent = '';
      const item = made('li', { class: from }, from === 'agent' && name ? made('b', {}, name) : '', text);
      item.dataset.number = String(number);
      this.#lines.set(number, item);
      const next = [...this.log.children].find((other) => !other.dataset.number || Number(other.dataset.number) > number);
      this.log.insertBefore(item, next ?? null);
      this.log.scrollTop = this.log.scrollHeight;
    }

    mine({ id, text }) {
      const item = made('li', { class: 'customer pending' }, text);
      this.#lines.set(id, item);
      this.log.append(item);
      this.log.scrollTop = this.log.scrollHeight;
    }

    acknowledged(id, number) {
      const item = this.#lines.get(id);
      if (!item) return;
      this.#lines.delete(id);
      if (this.#lines.has(number)) {
        item.remove();
        return;
      }
      item.className = 'customer';
      item.dataset.number = String(number);
      this.#lines.set(number, item);
    }

    refused(id, reason) {
      const item = this.#lines.get(id);
      item?.classList.replace('pending', 'failed');
      item?.append(made('small', {}, `not sent: ${reason}`));
    }

    typing() {
      this.typingLine.textContent = 'is writing \u2026';
      clearTimeout(this.#typingTimer);
      this.#typingTimer = setTimeout(() => { this.typingLine.textContent = ''; }, 5_000);
    }

    #listen() {
      this.launch.addEventListener('click', () => this.#toggle(true));
      this.close.addEventListener('click', () => this.#toggle(false));
      this.window.addEventListener('keydown', (event) => { if (event.key === 'Escape') this.#toggle(false); });
      this.form.addEventListener('submit', (event) => { event.preventDefault(); this.#submit(); });
      this.input.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.#submit(); }
      });
    }

    #toggle(open) {
      this.window.hidden = !open;
      this.launch.hidden = open;
      this.launch.setAttribute('aria-expanded', String(open));
      if (open) {
        this.conversation.start();
        this.input.focus();
      } else {
        this.launch.focus();
      }
    }

    #submit() {
      const text = this.input.value.trim();
      if (text === '') return;
      this.input.value = '';
      this.conversation.say(text);
    }
  }

  function made(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children.filter((child) => child !== ''));
    return element;
  }

  new ChatWindow(script.dataset.title ?? 'Chat with us');
})();
