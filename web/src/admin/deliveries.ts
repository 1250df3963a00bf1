interface Delivery {
  ticket: string;
  entry: number;
  state: string;
}

/** Which of these, the latest first, can be sent again: failures after which nothing more is known of the message. */
export function repeatable<One extends Delivery>(latestFirst: readonly One[]): Set<One> {
  const seen = new Set<string>();
  const found = new Set<One>();
  for (const each of latestFirst) {
    const message = `${each.ticket}/${each.entry}`;
    if (each.state === 'failed' && !seen.has(message)) found.add(each);
    seen.add(message);
  }
  return found;
}
