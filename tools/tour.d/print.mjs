const colours = process.stdout.isTTY ? { bold: 1, dim: 2, green: 32, yellow: 33, red: 31, cyan: 36 } : {};
const paint = (colour, text) => (colours[colour] ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text);

export const title = (text) => console.log(`\n${paint('bold', text)}`);
export const step = (label, text) => console.log(`  ${paint('cyan', label.padEnd(9))} ${text}`);
export const more = (text) => console.log(`            ${paint('dim', text)}`);
export const good = (text) => console.log(`  ${paint('green', '✓')} ${text}`);
export const bad = (text) => console.log(`  ${paint('red', '✗')} ${text}`);
export const plain = (text) => console.log(text);

const pairs = (values) => Object.entries(values ?? {}).map(([name, value]) => `${name} ${value}`).join(', ');

/** Why the ticket is in this queue, and why this agent was asked. */
export function decision(detail, why) {
  const { decision: made, script, articles } = detail;
  step('decided', `route "${made.route}" → queue ${made.queue}, priority ${made.priority}`);
  const segments = Array.isArray(made.segments) ? Object.fromEntries(made.segments.map((each) => [each.dimension, each.segment])) : made.segments;
  more(`segments: ${pairs(segments)}; stage: ${made.stage ?? 'none'}; ruleset ${String(made.ruleset_hash ?? made.ruleset).slice(0, 12)}`);
  for (const line of routesTried(why)) more(line);
  if (script) more(`script: ${script.title || script.id} (${script.language})`);
  if (articles.length > 0) more(`articles: ${articles.map((article) => article.title || article.id).join(', ')}`);
}

function routesTried(why) {
  const tried = why?.decision?.routes ?? why?.trace?.routes ?? why?.routes ?? [];
  if (tried.length === 0) return [];
  const failed = tried.filter((route) => !route.held);
  const lines = failed.slice(-3).map((route) => `not "${route.name}": ${route.note || `${route.failed}${route.actual ? `, but it is ${route.actual}` : ''}`}`);
  if (failed.length > 3) lines.unshift(`${tried.length} routes were tried; the last ones:`);
  return lines;
}

/** How many agents were left after each question. */
export function funnel(why) {
  const stages = why?.dispatch?.funnel ?? why?.funnel ?? why?.dispatch?.passed;
  if (!stages) return;
  const counts = Array.isArray(stages) ? stages.map((each) => `${each.stage ?? each.name} ${each.passed ?? each.agents ?? each.count}`) : Object.entries(stages).map(([name, count]) => `${name} ${count}`);
  more(`agents left after each question: ${counts.join(' → ')}`);
}
