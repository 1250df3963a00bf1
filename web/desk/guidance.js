import { byId, element } from './dom.js';
import { markdown } from './markdown.js';

/** The right side: what to say and what the customer can read. */
export function showGuidance(state, insert) {
  const draw = () => {
    const open = state.open;
    if (open === null) {
      byId('guidance').replaceChildren();
      return;
    }
    byId('guidance').replaceChildren(
      element('h2', {}, 'Script'),
      open.script ? page(open.script, true) : element('p.empty', {}, 'No script fits this ticket.'),
      element('h2', {}, 'Articles'),
      ...(open.articles?.length ? open.articles.map((article) => articleOf(article, insert)) : [element('p.empty', {}, 'No article fits this ticket.')]));
  };
  state.addEventListener('guidance', draw);
  draw();
}

function page(guidance, titled) {
  return element('article.card.page', { lang: guidance.language },
    titled && element('h3', {}, guidance.title || guidance.id), ...markdown(withoutTitle(guidance)));
}

function articleOf(article, insert) {
  return element('details.card.page', { lang: article.language },
    element('summary', {}, article.title || article.id), ...markdown(withoutTitle(article)),
    element('p.buttons', {}, element('button', { type: 'button', on: { click: () => insert(withoutTitle(article)) } }, 'Use in the reply')));
}

/** The text, without a first heading that only repeats the title. */
function withoutTitle({ title, text }) {
  const [first, ...rest] = text.trimStart().split('\n');
  return first.replace(/^#+\s*/, '').trim() === title?.trim() ? rest.join('\n').trim() : text;
}
