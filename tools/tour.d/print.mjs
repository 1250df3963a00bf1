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
  more(`segments: ${pairs(made.segments)}; stage: ${made.stage}; ruleset ${made.ruleset.slice(0, 12)}`);
  for (const line of routesTried(why)) more(line);
  if (script) more(`script: ${script.title || script.id} (${script.language})`);
  if (articles.length > 0) more(`articles: ${articles.map((article) => article.title || article.id).join(', ')}`);
}

const shownRoutes = 3;

/** A long text is of no use beside the words that it lacks. */
function actual(route) {
  const text = route.actual === undefined ? '' : JSON.stringify(route.actual);
  return text === '' || text.length > 40 ? '' : `, but it is ${text}`;
}

function routesTried(why) {
  const tried = why.trace?.trace?.routes ?? [];
  const failed = tried.filter((route) => !route.held);
  if (failed.length === 0) return [];
  const lines = failed.slice(-shownRoutes).map((route) => `  not "${route.name}": ${route.note || `${route.failed}${actual(route)}`}`);
  return [failed.length > shownRoutes ? `${failed.length} routes before it did not fit, the last of them:` : 'routes before it that did not fit:', ...lines];
}

/** How many agents were left after each question, and why the other agent was not asked. */
export function funnel(why, other) {
  const { funnel: stages, failed, because } = why.dispatch;
  more(`agents left after each question: ${stages.map((each) => `${each.stage.replaceAll('_', ' ')} ${each.agents}`).join(' → ')}`);
  if (failed === undefined) more(`${other} could have had it too, but is not whom this queue chooses first`);
  else more(`${other} was not asked: ${because ?? failed.replaceAll('_', ' ')}`);
}
