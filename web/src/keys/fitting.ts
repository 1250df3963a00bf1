const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Those whose name has every word that was typed, the one of that very name and those that begin with it first; without regard to case and accents. */
export function fitting<Item extends { name: string; group: string }>(items: readonly Item[], typed: string): Item[] {
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [...items];
  const whole = wanted.join(' ');
  const scored = items.flatMap((item) => {
    const name = plain(item.name);
    const place = `${name} ${plain(item.group)}`;
    if (!wanted.every((word) => place.includes(word))) return [];
    const first = wanted[0] ?? '';
    return [{ item, score: name === whole ? 0 : name.startsWith(first) ? 1 : name.includes(` ${first}`) ? 2 : 3 }];
  });
  return scored.sort((one, other) => one.score - other.score).map((each) => each.item);
}
