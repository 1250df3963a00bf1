/**
 * Makes an element. Data reaches the page only as text nodes and attribute values, never as markup.
 * @param {string} kind tag name, with classes: "li.card.offer"
 * @param {object} properties attributes; `on` holds listeners; false, null and undefined leave an attribute out
 * @param {...(Node|string|number|null|undefined|false)} children
 */
export function element(kind, properties = {}, ...children) {
  const [tag, ...classes] = kind.split('.');
  const made = document.createElement(tag);
  if (classes.length > 0) made.className = classes.join(' ');
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, value === true ? '' : String(value));
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false).map(asNode));
  return made;
}

function asNode(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}

export const byId = (id) => document.getElementById(id);

/** Says something to screen readers without moving the focus. */
export function announce(text) {
  byId('announcer').textContent = text;
}

/** Replaces the children of `parent` but leaves the focus on the element with the same data-key. */
export function fill(parent, children) {
  const focused = parent.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  parent.replaceChildren(...children);
  if (focused) parent.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}
