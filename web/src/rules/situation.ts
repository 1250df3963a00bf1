export interface Asked {
  kind: string;
  text: string;
  language: string;
  /** Lines of "name: value". */
  customer: string;
}

/** A situation as rule tests state it; a text says which line cannot be read. */
export function situationOf(asked: Asked): Record<string, unknown> | string {
  const customer: Record<string, unknown> = {};
  for (const line of asked.customer.split('\n').map((each) => each.trim()).filter(Boolean)) {
    const found = /^([\w.-]+)\s*:\s*(.+)$/.exec(line);
    if (!found) return line;
    customer[found[1]!] = valueOf(found[2]!);
  }
  const contact: Record<string, unknown> = { channel: { name: asked.kind, kind: asked.kind } };
  if (asked.text.trim() !== '') contact.text = asked.text.trim();
  if (asked.language.trim() !== '') contact.language = asked.language.trim();
  return { contact, ...(Object.keys(customer).length > 0 ? { customer } : {}) };
}

function valueOf(text: string): unknown {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (/^(true|yes)$/.test(text)) return true;
  if (/^(false|no)$/.test(text)) return false;
  if (/^\[.*\]$/.test(text)) return text.slice(1, -1).split(',').map((each) => each.trim()).filter(Boolean);
  return text.replace(/^(["'])(.*)\1$/, '$2');
}
