import { api } from './desk/api.js';
import { showConversation } from './desk/conversation.js';
import { announce, byId, element } from './desk/dom.js';
import { showGuidance } from './desk/guidance.js';
import { DeskSocket } from './desk/socket.js';
import { DeskState } from './desk/state.js';
import { showWork } from './desk/work.js';

const state = new DeskState();
const socket = new DeskSocket({ frame: arrived, state: showConnection, refused: checkSession });
const actions = {
  async accept(offer) {
    await reported(async () => {
      await api.accept(offer.id);
      state.dropOffer(offer.id);
      await actions.open(offer.ticket.id);
    });
  },
  async decline(offer) {
    await reported(async () => {
      await api.decline(offer.id);
      state.dropOffer(offer.id);
    });
  },
  async open(id) {
    await reported(async () => {
      const detail = await api.ticket(id);
      state.putTicket(detail.ticket);
      state.openTicket(detail);
      byId('conversation').focus();
    });
  },
  async reply(id, text, key) {
    await api.reply(id, text, key);
    await refreshOpen(id);
  },
  async note(id, text, key) {
    await api.note(id, text, key);
    await refreshOpen(id);
  },
  async resolve(id, disposition) {
    await api.resolve(id, disposition);
    await refreshOpen(id);
    announce('Resolved');
  },
  async endWrapUp(id) {
    await api.endWrapUp(id);
    await refreshOpen(id);
  },
};

/** Says what the engine refused; an offer that went to somebody else is no error, only news. */
async function reported(action) {
  try {
    await action();
  } catch (problem) {
    if (problem.status === 401) showLogin();
    else announce(problem.message);
    showNews(problem.message);
  }
}

function showNews(text) {
  const shown = byId('connection');
  shown.textContent = text;
  shown.dataset.state = 'problem';
}

function arrived(frame) {
  state.apply(frame);
  const open = state.open?.ticket.id;
  const entry = frame.type === 'entry' ? frame.entry : null;
  if (entry && frame.ticket === open && ['delivery', 'contact', 'decision'].includes(entry.kind)) refreshOpen(open);
}

/** Deliveries, script and articles come with the whole ticket only. */
async function refreshOpen(id) {
  try {
    const detail = await api.ticket(id);
    state.putTicket(detail.ticket);
    if (state.open?.ticket.id === id) state.openTicket(detail);
  } catch (problem) {
    showNews(problem.message);
  }
}

function showConnection(text) {
  byId('connection').textContent = text;
  byId('connection').dataset.state = text;
}

/** The socket does not say why it was refused; a request does. */
async function checkSession() {
  try {
    await api.me();
  } catch (problem) {
    if (problem.status === 401) showLogin();
  }
}

function showMe() {
  const { me } = state;
  if (me === null) return;
  byId('who').textContent = me.name ?? me.login;
  byId('presence').value = me.presence?.state ?? 'offline';
  byId('presence').dataset.state = byId('presence').value;
  const text = `${me.used ?? 0} of ${me.capacity ?? 0} used`;
  byId('load').replaceChildren(element('meter', { min: 0, max: me.capacity || 1, value: me.used ?? 0, 'aria-label': 'Capacity' }), element('span.quiet', {}, text));
}

function showLogin() {
  socket.stop();
  state.open = null;
  state.clear();
  byId('desk').hidden = true;
  byId('login').hidden = false;
  byId('login-name').focus();
}

function showDesk(agent) {
  byId('login').hidden = true;
  byId('desk').hidden = false;
  state.setMe(agent);
  socket.start();
}

async function logIn(event) {
  event.preventDefault();
  const form = new FormData(event.target);
  byId('login-problem').textContent = '';
  try {
    await api.login(form.get('login'), form.get('password'));
    event.target.reset();
    showDesk((await api.me()).agent);
  } catch (problem) {
    byId('login-problem').textContent = problem.status === 401 ? 'Log-in or password is wrong.' : problem.message;
  }
}

async function logOut() {
  await api.logout().catch(() => {});
  showLogin();
}

function changePresence(event) {
  reported(async () => {
    const { presence } = await api.setPresence(event.target.value);
    state.setMe({ ...state.me, presence });
  });
}

function begin() {
  byId('login-form').addEventListener('submit', logIn);
  byId('logout').addEventListener('click', logOut);
  byId('presence').addEventListener('change', changePresence);
  state.addEventListener('me', showMe);
  state.addEventListener('offered', ({ detail }) => announce(`Offer: ${detail.ticket.customer?.name ?? ''}, ${detail.ticket.subject ?? ''}`));
  showWork(state, actions);
  const composer = showConversation(state, actions);
  showGuidance(state, (text) => composer.insert(text));
  api.me().then(({ agent }) => showDesk(agent), showLogin);
}

begin();
