import { byId, element } from './dom.js';
import { entryItem } from './entries.js';
import { whyStrip } from './why.js';

/** The middle: the open ticket, its history and the place to answer. */
export function showConversation(state, actions) {
  const place = byId('conversation');
  const composer = new Composer(actions);
  let shown = null;
  const draw = () => {
    if (state.open === null) {
      shown = null;
      place.replaceChildren(element('p.empty.wide', {}, 'Accept an offer or choose one of your tickets.'));
      return;
    }
    if (shown !== state.open.ticket.id) {
      shown = state.open.ticket.id;
      place.replaceChildren(element('div.case-head', { id: 'case-head' }), element('ol.log', { id: 'log', role: 'log', 'aria-label': 'History', tabindex: '0' }), composer.made);
      composer.clear();
    }
    byId('case-head').replaceChildren(...headOf(state.open));
    byId('log').replaceChildren(...state.open.entries.map((entry) => entryItem(entry, state.open)).filter((item) => item !== null));
    byId('log').scrollTop = byId('log').scrollHeight;
    composer.follow(state.open.ticket);
  };
  state.addEventListener('open', draw);
  draw();
  return composer;
}

function headOf({ ticket, decision }) {
  return [
    element('h2', {}, ticket.subject || '(no subject)', element('span.quiet', {}, ` #${ticket.id}`)),
    element('p.quiet', {}, `${ticket.customer?.name || 'unknown customer'} · ${ticket.channel_kind} · ${ticket.status.replaceAll('_', ' ')}`),
    whyStrip(ticket, decision),
  ];
}

/** Where the agent writes. What was typed is kept until the engine has taken it. */
class Composer {
  #actions;
  #ticket = null;
  #key = crypto.randomUUID();
  #text = element('textarea', { rows: '3', placeholder: 'Write to the customer …', 'aria-label': 'Text', 'aria-keyshortcuts': 'Control+Enter' });
  #problem = element('p.problem', { role: 'alert' });
  #send = element('button.primary', { type: 'submit' }, 'Send reply');
  #note = element('button', { type: 'button' }, 'Save as note');
  #disposition = element('input', { placeholder: 'outcome (optional)', 'aria-label': 'Disposition', list: 'dispositions' });
  #resolve = element('button', { type: 'button' }, 'Resolve');
  #endWrapUp = element('button', { type: 'button', hidden: true }, 'End wrap-up');

  constructor(actions) {
    this.#actions = actions;
    this.made = element('form.composer', { 'aria-label': 'Answer' }, this.#text, this.#problem,
      element('datalist', { id: 'dispositions' }, ...['solved', 'sold', 'refunded', 'no answer needed'].map((value) => element('option', { value }))),
      element('p.buttons', {}, this.#send, this.#note, element('span.gap'), this.#disposition, this.#resolve, this.#endWrapUp));
    this.made.addEventListener('submit', (event) => { event.preventDefault(); this.#write('reply'); });
    this.#note.addEventListener('click', () => this.#write('note'));
    this.#resolve.addEventListener('click', () => this.#attempt(() => actions.resolve(this.#ticket.id, this.#disposition.value.trim())));
    this.#endWrapUp.addEventListener('click', () => this.#attempt(() => actions.endWrapUp(this.#ticket.id)));
    this.#text.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.#write('reply'); }
    });
  }

  clear() {
    this.#text.value = '';
    this.#disposition.value = '';
    this.#problem.textContent = '';
    this.#key = crypto.randomUUID();
  }

  follow(ticket) {
    this.#ticket = ticket;
    const closed = ticket.status !== 'held';
    for (const control of [this.#send, this.#resolve]) control.disabled = closed;
    this.#endWrapUp.hidden = ticket.status !== 'wrapping_up';
  }

  /** Puts an article's or script's words where the agent can still change them. */
  insert(text) {
    this.#text.setRangeText(text, this.#text.selectionStart, this.#text.selectionEnd, 'end');
    this.#text.focus();
  }

  async #write(kind) {
    const text = this.#text.value.trim();
    if (text === '') {
      this.#text.focus();
      return;
    }
    await this.#attempt(async () => {
      await this.#actions[kind](this.#ticket.id, text, this.#key);
      this.clear();
    });
  }

  async #attempt(action) {
    this.#problem.textContent = '';
    try {
      await action();
    } catch (problem) {
      this.#problem.textContent = problem.message;
    }
  }
}
