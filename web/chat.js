/*
 * The chat of a web page: <script src="https://support.example.com/chat/webchat.js" data-title="Ask us" defer></script>
 * One script, no other request than its socket and the files that its visitor sends. What the visitor wrote is kept in the browser until the engine has
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
  const typingEvery = 3_000;
  const mostTries = 4;
  // The engine hangs up on whoever sends more than 30 frames in ten seconds: what waited for the line goes slower.
  const most = 15;
  const within = 10_000;
  const texts = {
    en: {
      title: 'Chat with us', messages: 'Messages', message: 'Message', placeholder: 'Write a message …', send: 'Send', close: 'Close the chat',
      attach: 'Attach a file', reconnecting: 'reconnecting …', typing: 'is writing …', someone: 'An agent', seen: 'seen', notSent: 'not sent: ',
      tooBig: 'the file is too large', wrongType: 'files of this type are not taken', tooMany: 'too many files, try again later', notNow: 'the connection broke', again: 'Try again', drop: 'Drop files here',
      name: 'Your name', email: 'Your e-mail',
      offline: 'We are closed at the moment. Leave us a message and we will answer as soon as we are back.',
      left: 'Thank you, we have your message.', more: 'Tell us more',
    },
    es: {
      title: 'Chatee con nosotros', messages: 'Mensajes', message: 'Mensaje', placeholder: 'Escriba un mensaje …', send: 'Enviar', close: 'Cerrar el chat',
      attach: 'Adjuntar un archivo', reconnecting: 'reconectando …', typing: 'está escribiendo …', someone: 'Un agente', seen: 'visto', notSent: 'no se envió: ',
      tooBig: 'el archivo es demasiado grande', wrongType: 'no se aceptan archivos de este tipo', tooMany: 'demasiados archivos, inténtelo más tarde', notNow: 'se perdió la conexión', again: 'Intentar de nuevo', drop: 'Suelte los archivos aquí',
      name: 'Su nombre', email: 'Su correo electrónico',
      offline: 'En este momento estamos cerrados. Déjenos un mensaje y le responderemos en cuanto volvamos.',
      left: 'Gracias, hemos recibido su mensaje.', more: 'Cuéntenos más',
    },
  };
  const language = (script.dataset.language ?? navigator.language).slice(0, 2).toLowerCase();
  const say = texts[language] ?? texts.en;

  /**
   * What survives a reload: the visitor's token and what is not acknowledged yet. Every change begins with what is
   * stored, for other windows of the same visitor change it as well.
   */
  class Memory {
    #key = `kindred-chat:${address.host}:${channel}`;
    #kept = { visitor: null, unsent: [] };

    constructor() { this.#load(); }

    get visitor() { return this.#kept.visitor; }
    get unsent() { return this.#kept.unsent; }

    #load() {
      try {
        this.#kept = { ...this.#kept, ...JSON.parse(localStorage.getItem(this.#key) ?? '{}') };
      } catch { /* no storage, or not ours: a chat without memory still works */ }
    }

    #change(changes) {
      this.#load();
      Object.assign(this.#kept, changes(this.#kept));
      try {
        localStorage.setItem(this.#key, JSON.stringify(this.#kept));
      } catch { /* as above */ }
    }

    be(visitor) { this.#change(() => ({ visitor })); }
    add(message) { this.#change(({ unsent }) => ({ unsent: [...unsent, message] })); }
    drop(id) { this.#change(({ unsent }) => ({ unsent: unsent.filter((message) => message.id !== id) })); }
  }

  /** The conversation with the engine: connects, comes back, sends again. */
  class Conversation {
    #memory = new Memory();
    #socket = null;
    #timer = null;
    #tries = 0;
    #last = 0;
    #read = 0;
    #typed = 0;
    #welcomed = false;
    #underWay = null;
    #sentAt = [];
    #pace = null;
    #identity = script.dataset.identity ?? null;
    #show;

    constructor(show) { this.#show = show; }

    /** Connects once; later calls do nothing. */
    start() {
      if (this.#socket === null) this.#connect();
    }

    get begun() { return this.#memory.visitor !== null; }
    get visitor() { return this.#memory.visitor; }
    get unsent() { return this.#memory.unsent; }

    identify(token) { this.#identity = token; }

    /** @param {{text: string, name?: string, email?: string, attachments?: object[]}} said */
    say(said) {
      const message = { type: 'message', id: newId(), language: navigator.language, page: location.pathname, ...said };
      this.#memory.add(message);
      this.#show.mine(message);
      this.#typed = 0;
      this.#next();
      this.start();
    }

    typing() {
      if (Date.now() - this.#typed < typingEvery) return;
      this.#typed = Date.now();
      this.#send({ type: 'typing' });
    }

    /** Everything that was shown has been seen. */
    read() {
      if (this.#read >= this.#last) return;
      this.#read = this.#last;
      this.#send({ type: 'read', number: this.#last });
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

    /** What is not acknowledged goes again once there is one: on this line or on the next. */
    #waitForWelcome() {
      this.#show.online(false);
      this.#welcomed = false;
      this.#underWay = null;
    }

    #again() {
      this.#waitForWelcome();
      this.#tries += 1;
      const wait = Math.min(slowest, 300 * 2 ** Math.min(this.#tries, 7)) * (0.5 + Math.random() / 2);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#connect(), wait);
    }

    #send(frame) {
      if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
    }

    /**
     * Sends the oldest message that is not acknowledged, once there is a line. One at a time: what was written first
     * is on record first, whatever becomes of the line in between.
     */
    #next() {
      const [message] = this.#memory.unsent;
      if (!message || this.#underWay === message.id || this.#socket?.readyState !== WebSocket.OPEN || !this.#welcomed) return;
      const now = Date.now();
      this.#sentAt = this.#sentAt.filter((time) => now - time < within);
      clearTimeout(this.#pace);
      if (this.#sentAt.length >= most) {
        this.#pace = setTimeout(() => this.#next(), within - (now - this.#sentAt[0]));
        return;
      }
      this.#sentAt.push(now);
      this.#underWay = message.id;
      this.#send(this.#identity ? { ...message, identity: this.#identity } : message);
    }

    #arrived(frame) {
      const meaning = {
        welcome: () => this.#welcome(frame),
        reconnecting: () => this.#waitForWelcome(),
        message: () => this.#line(frame),
        own: () => this.#show.line(frame),
        ack: () => this.#acknowledged(frame),
        refused: () => this.#refused(frame),
        typing: () => this.#show.typing(),
        read: () => this.#show.seen(frame.number),
      }[frame.type];
      meaning?.();
    }

    #welcome(frame) {
      this.#tries = 0;
      if (frame.visitor !== this.#memory.visitor) this.#last = 0;
      this.#memory.be(frame.visitor);
      this.#show.online(true, frame);
      for (const line of frame.history) this.#line(line);
      this.#welcomed = true;
      this.#next();
    }

    #acknowledged(frame) {
      this.#memory.drop(frame.id);
      this.#show.acknowledged(frame.id, frame.number, frame);
      this.#next();
    }

    // What counts as seen are lines that came: an acknowledgement may overtake an answer that is still on its way.
    #line(line) {
      if (line.number > this.#last) this.#last = line.number;
      this.#show.line(line);
    }

    /** A proof of identity that is over must not cost the message: it goes again without. */
    #refused({ id, reason }) {
      const message = this.#memory.unsent.find((each) => each.id === id);
      if (message && this.#identity && /identity/.test(reason)) {
        this.#identity = null;
        this.#underWay = null;
        this.#next();
        script.dispatchEvent(new CustomEvent('kindred-identity', { bubbles: true, detail: reason }));
        return;
      }
      if (reason === 'busy') {
        setTimeout(() => { this.#underWay = null; this.#next(); }, 2_000);
        return;
      }
      this.#memory.drop(id);
      this.#show.refused(id, reason);
      this.#next();
    }
  }

  /** Why a file is not even tried; empty when it may go. */
  function whyNot(file, { most_bytes: most, types }) {
    if (file.size > most) return say.tooBig;
    const type = file.type.toLowerCase();
    const fits = (pattern) => (pattern.endsWith('/*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type);
    return types?.length > 0 && !types.some(fits) ? say.wrongType : '';
  }

  /** Brings the bytes of one file to the engine: {id, name, type, size}, or an Error whose `again` says that it may work later. */
  function bring(file, visitor, progress) {
    const url = new URL(`/chat/${channel}/files`, address);
    url.searchParams.set('visitor', visitor);
    url.searchParams.set('name', file.name);
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const failed = (text, again) => reject(Object.assign(new Error(text), { again }));
      request.open('POST', url);
      request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
      request.responseType = 'json';
      request.upload.addEventListener('progress', (event) => { if (event.lengthComputable) progress(event.loaded / event.total); });
      request.addEventListener('error', () => failed(say.notNow, true));
      request.addEventListener('load', () => {
        if (request.status === 201) resolve(request.response);
        else if (request.status === 429) failed(say.tooMany, false);
        // The size was looked at: 403 and 413 say that the engine has not seen this visitor's chat come back yet.
        else failed(request.response?.detail ?? String(request.status), [403, 413].includes(request.status) || request.status >= 500);
      });
      request.send(file);
    });
  }

  const pause = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

  function newId() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  const styles = `
    :host { all: initial; position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; font: 15px/1.45 system-ui, sans-serif; color: #17211e; }
    * { box-sizing: border-box; }
    button { font: inherit; cursor: pointer; border: none; border-radius: 99px; background: #0f766e; color: #fff; padding: .6em 1.1em; }
    button:focus-visible, textarea:focus-visible, input:focus-visible, a:focus-visible, ol:focus-visible { outline: 3px solid #5eead4; outline-offset: 1px; }
    .launch { box-shadow: 0 4px 16px rgb(0 0 0 / .25); font-weight: 600; }
    .window { position: relative; width: min(360px, calc(100vw - 40px)); height: min(520px, calc(100vh - 60px)); display: flex; flex-direction: column; background: #fff; border-radius: 14px; box-shadow: 0 8px 40px rgb(0 0 0 / .28); overflow: hidden; }
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
    li small.seen, li .file { color: #5a6964; }
    li .file { display: block; font-size: .9em; }
    li progress { display: block; width: 100%; accent-color: #0f766e; }
    li button { padding: .1em .7em; margin-top: .3em; font-size: .85em; }
    .choices { display: flex; flex-wrap: wrap; gap: .3em; margin-top: .4em; align-items: center; }
    .choices span { font-size: .8em; color: #5a6964; }
    .choices button { margin: 0; padding: .25em .8em; font-size: 1em; }
    .window.dropping::after { content: attr(data-drop); position: absolute; inset: 0; display: grid; place-items: center; background: rgb(15 118 110 / .88); color: #fff; font-weight: 600; pointer-events: none; }
    .typing { min-height: 1.4em; margin: 0; padding: 0 1em; font-size: .85em; color: #5a6964; background: #f3f5f4; }
    form { display: flex; gap: .5em; padding: .6em; border-top: 1px solid #d9e0dd; }
    form.offline { flex-direction: column; } form.offline p { margin: 0; }
    form:not(.offline) .asked { display: none; }
    .tools { display: flex; gap: .5em; flex: 1; }
    input { font: inherit; color: inherit; border: 1px solid #d9e0dd; border-radius: 10px; padding: .45em .6em; width: 100%; }
    .attach { background: #fff; color: #0f766e; border: 1px solid #d9e0dd; padding: .3em .7em; }
    a { color: inherit; }
    @media (max-width: 480px) {
      :host { right: 12px; bottom: 12px; }
      .window { position: fixed; inset: 0; width: 100vw; height: 100vh; height: 100dvh; border-radius: 0; } }
    textarea { flex: 1; min-width: 0; font: inherit; color: inherit; resize: none; border: 1px solid #d9e0dd; border-radius: 10px; padding: .45em .6em; }
  `;

  /** The window: a button that opens it, the lines, a place to write; while the centre is closed, a form. */
  class ChatWindow {
    #lines = new Map();
    #typingTimer = null;
    #files = null;
    #uploads = Promise.resolve();
    #seen = made('small', { class: 'seen' }, say.seen);

    constructor(title) {
      const host = document.createElement('kindred-chat');
      const root = host.attachShadow({ mode: 'open' });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(styles);
      root.adoptedStyleSheets = [sheet];
      this.launch = made('button', { type: 'button', class: 'launch', 'aria-expanded': 'false' }, title);
      this.status = made('small', { role: 'status' });
      this.log = made('ol', { role: 'log', 'aria-live': 'polite', 'aria-label': say.messages, tabindex: '0' });
      this.typingLine = made('p', { class: 'typing', 'aria-live': 'off' });
      this.input = made('textarea', { rows: '2', maxlength: String(longest), 'aria-label': say.message, placeholder: say.placeholder });
      this.close = made('button', { type: 'button', 'aria-label': say.close }, '\u00d7');
      this.name = made('input', { autocomplete: 'name', 'aria-label': say.name, placeholder: say.name, maxlength: '200' });
      this.email = made('input', { type: 'email', autocomplete: 'email', 'aria-label': say.email, placeholder: say.email, maxlength: '200' });
      this.picker = made('input', { type: 'file', multiple: '', hidden: '', tabindex: '-1', 'aria-hidden': 'true' });
      this.attach = made('button', { type: 'button', class: 'attach', 'aria-label': say.attach, hidden: '' }, '+');
      this.form = made('form', {}, made('p', { class: 'asked' }, say.offline), made('div', { class: 'asked' }, this.name), made('div', { class: 'asked' }, this.email),
        made('div', { class: 'tools' }, this.attach, this.picker, this.input, made('button', { type: 'submit' }, say.send)));
      this.window = made('section', { class: 'window', role: 'dialog', 'aria-label': title, lang: say === texts.es ? 'es' : 'en', 'data-drop': say.drop, hidden: '' },
        made('header', {}, made('span', {}, title), this.status, this.close), this.log, this.typingLine, this.form);
      root.append(this.window, this.launch);
      document.body.append(host);
      this.conversation = new Conversation(this);
      this.#listen();
      for (const message of this.conversation.unsent) this.mine(message);
      if (this.conversation.begun) this.conversation.start();
    }

    online(yes, { open = true, files = null } = {}) {
      this.status.textContent = yes ? '' : say.reconnecting;
      if (!yes) return;
      this.#files = files;
      this.attach.hidden = files === null;
      this.picker.accept = (files?.types ?? []).join(',');
      this.#ask(!open);
    }

    /** While the centre is closed, an answer needs an address. */
    #ask(closed) {
      this.form.classList.toggle('offline', closed);
      this.email.required = closed;
    }

    /** A line of the history, or a new one; the same number is shown once. */
    line({ number, from, name, text, id, attachments, survey }) {
      if (this.#lines.has(number)) return;
      if (from === 'customer' && this.#lines.has(id)) {
        this.acknowledged(id, number, { text, attachments });
        return;
      }
      this.typingLine.textContent = '';
      const item = made('li', { class: from }, from === 'agent' && name ? made('b', {}, name) : '', text ?? '', ...this.#filesOf(attachments));
      if (survey) item.append(...this.#asked(survey, text));
      this.#place(item, number);
      this.#closeQuestions();
      this.log.scrollTop = this.log.scrollHeight;
      this.#look();
    }

    /** What a survey asks: one click answers, as writing the number does. The rest is on a page of the engine's own. */
    #asked({ choices = [], low = '', high = '', page }, question) {
      const buttons = choices.map(({ value, label }) => {
        const button = made('button', { type: 'button' }, label);
        button.addEventListener('click', () => this.conversation.say({ text: value }));
        return button;
      });
      const shown = buttons.length > 0 ? [made('div', { class: 'choices', role: 'group', 'aria-label': question ?? '' }, made('span', {}, low), ...buttons, made('span', {}, high))] : [];
      const url = page ? new URL(page, address) : null;
      if (url?.origin === address.origin) shown.push(' ', made('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer' }, say.more));
      return shown;
    }

    /**
     * A question is open until its visitor says something after it. What was said before it was shown answers another,
     * also where it still waits for its acknowledgement, which the next question may overtake.
     */
    #closeQuestions() {
      const said = [...this.log.querySelectorAll('li.customer')];
      for (const choices of this.log.querySelectorAll('.choices')) {
        const asked = Number(choices.closest('li').dataset.number);
        const isAnswer = ({ dataset }) => dataset.number ? Number(dataset.number) > asked : Number(dataset.after) >= asked;
        if (said.some(isAnswer)) choices.remove();
      }
    }

    #newest() {
      return Math.max(0, ...[...this.log.children].map((item) => Number(item.dataset.number ?? 0)));
    }

    /** Where the record has it, and what is still on its way stands last. */
    #place(item, number) {
      item.dataset.number = String(number);
      this.#lines.set(number, item);
      const next = [...this.log.children].find((other) => other !== item && (!other.dataset.number || Number(other.dataset.number) > number));
      if (!item.parentNode || item.nextSibling !== (next ?? null)) this.log.insertBefore(item, next ?? null);
    }

    mine({ id, text, attachments }) {
      const item = made('li', { class: 'customer pending' }, text, ...(attachments ?? []).map(({ name }) => fileName(name)));
      item.dataset.after = String(this.#newest());
      this.#lines.set(id, item);
      this.log.append(item);
      this.#closeQuestions();
      this.log.scrollTop = this.log.scrollHeight;
    }

    /** @param {{text?: string, attachments?: object[], open?: boolean}} kept what the engine has made of it, where that is not what was written */
    acknowledged(id, number, { text, attachments, open } = {}) {
      if (open !== undefined) this.#ask(!open);
      const item = this.#lines.get(id);
      if (!item) return;
      this.#lines.delete(id);
      if (this.#lines.has(number)) {
        item.remove();
        return;
      }
      item.className = 'customer';
      // A card's number is masked before it is kept; from now on it is here, too.
      if (text !== undefined || attachments) item.replaceChildren(text ?? item.firstChild?.data ?? '', ...this.#filesOf(attachments));
      // An answer that was kept before it may have been shown meanwhile, or one that was kept after it.
      this.#place(item, number);
      this.#closeQuestions();
      if (this.form.classList.contains('offline')) this.status.textContent = say.left;
    }

    refused(id, reason) {
      const item = this.#lines.get(id);
      item?.classList.replace('pending', 'failed');
      item?.append(made('small', {}, say.notSent + reason));
    }

    typing() {
      this.typingLine.textContent = `${say.someone} ${say.typing}`;
      clearTimeout(this.#typingTimer);
      this.#typingTimer = setTimeout(() => { this.typingLine.textContent = ''; }, 5_000);
    }

    /** The agent has read everything up to a line. */
    seen(number) {
      const read = [...this.log.querySelectorAll('li.customer')].filter((item) => Number(item.dataset.number ?? Infinity) <= number);
      read.at(-1)?.append(this.#seen);
    }

    #look() {
      if (!this.window.hidden && document.visibilityState === 'visible') this.conversation?.read();
    }

    #listen() {
      this.launch.addEventListener('click', () => this.#toggle(true));
      this.close.addEventListener('click', () => this.#toggle(false));
      this.window.addEventListener('keydown', (event) => { if (event.key === 'Escape') this.#toggle(false); });
      this.form.addEventListener('submit', (event) => { event.preventDefault(); this.#submit(); });
      this.input.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.form.requestSubmit(); }
      });
      this.input.addEventListener('input', () => this.conversation.typing());
      this.attach.addEventListener('click', () => this.picker.click());
      this.picker.addEventListener('change', () => { this.#upload([...this.picker.files]); this.picker.value = ''; });
      this.input.addEventListener('paste', (event) => {
        if (event.clipboardData?.files.length > 0) { event.preventDefault(); this.#upload([...event.clipboardData.files]); }
      });
      const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
      this.window.addEventListener('dragover', (event) => { if (hasFiles(event)) { event.preventDefault(); this.window.classList.add('dropping'); } });
      this.window.addEventListener('dragleave', (event) => { if (!this.window.contains(event.relatedTarget)) this.window.classList.remove('dropping'); });
      this.window.addEventListener('drop', (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        this.window.classList.remove('dropping');
        this.#upload([...event.dataTransfer.files]);
      });
      document.addEventListener('visibilitychange', () => this.#look());
    }

    #toggle(open) {
      this.window.hidden = !open;
      this.launch.hidden = open;
      this.launch.setAttribute('aria-expanded', String(open));
      if (open) {
        this.conversation.start();
        this.input.focus();
        this.#look();
      } else {
        this.launch.focus();
      }
    }

    #submit() {
      const text = this.input.value.trim();
      if (text === '') return;
      this.input.value = '';
      this.conversation.say({ text, ...this.#given() });
    }

    /** What the visitor has said of himself. */
    #given() {
      const given = { name: this.name.value.trim(), email: this.email.value.trim() };
      return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
    }

    /** One after the other: each becomes a message of its own once it is there. */
    #upload(files) {
      for (const file of files) {
        const item = made('li', { class: 'customer pending' }, fileName(file.name));
        this.log.append(item);
        this.log.scrollTop = this.log.scrollHeight;
        this.#try(file, item);
      }
    }

    #try(file, item) {
      this.#uploads = this.#uploads.then(() => this.#bring(file, item)).catch((problem) => this.#failed(file, item, problem));
    }

    async #bring(file, item) {
      if (this.#files === null) throw Object.assign(new Error(say.notNow), { again: true });
      const reason = whyNot(file, this.#files);
      if (reason !== '') throw new Error(reason);
      const bar = made('progress', { max: '1', value: '0', 'aria-label': file.name });
      item.className = 'customer pending';
      item.replaceChildren(fileName(file.name), bar);
      for (let tries = 1; ; tries += 1) {
        try {
          const { id, name, type, size } = await bring(file, this.conversation.visitor, (part) => { bar.value = part; });
          item.remove();
          this.conversation.say({ text: '', attachments: [{ id, name, type, size }], ...this.#given() });
          return;
        } catch (problem) {
          if (!problem.again || tries === mostTries) throw problem;
          await pause(500 * 2 ** tries);
        }
      }
    }

    #failed(file, item, problem) {
      item.className = 'customer failed';
      item.replaceChildren(fileName(file.name), made('small', { role: 'alert' }, say.notSent + problem.message));
      if (!problem.again) return;
      const again = made('button', { type: 'button' }, say.again);
      again.addEventListener('click', () => this.#try(file, item));
      item.append(again);
    }

    /** Names of files, to be saved from the engine; nothing that anybody sent becomes a link to somewhere else. */
    #filesOf(attachments) {
      return (attachments ?? []).map(({ id, name }) => {
        const url = new URL(`/chat/${channel}/files/${encodeURIComponent(id)}`, address);
        url.searchParams.set('visitor', this.conversation.visitor);
        return made('a', { class: 'file', href: url.href, download: '', target: '_blank', rel: 'noopener noreferrer' }, named(name));
      });
    }
  }

  const named = (name) => `\u{1F4CE} ${name ?? ''}`;
  const fileName = (name) => made('span', { class: 'file' }, named(name));

  function made(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children.filter((child) => child !== ''));
    return element;
  }

  const shown = new ChatWindow(script.dataset.title ?? say.title);
  /** For the page: KindredChat.identify(token) says who is logged in there (docs/channels/webchat.md). */
  window.KindredChat = { identify: (token) => shown.conversation.identify(token) };
})();
