import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '../../tests/e2e/support/client.mjs';
import { Agent } from '../../tests/e2e/support/desk.mjs';
import { Doubles } from '../../tests/e2e/support/doubles/doubles.mjs';
import { Signer } from '../../tests/e2e/support/sign.mjs';
import { demoSecrets, demoToken, doublePorts, readChannels } from './demo_config.mjs';
import * as print from './print.mjs';
import { scenes } from './scenes.mjs';

const patience = 30_000;
const quiet = 300;

/** The running demo, as tests/e2e/support expects an engine. */
class Demo {
  constructor(url) {
    this.url = url;
    this.anyone = new Client(url);
  }

  async login(name) {
    const answer = await this.anyone.post('/api/v1/login', { login: name, password: `demo-${name}`, bearer: true });
    if (answer.status !== 200) throw new Error(`the log-in of ${name} was refused (${answer.status}): is this the demo, with its own people?`);
    return new Client(this.url, answer.body.token);
  }
}

function readArguments() {
  const given = { url: 'http://127.0.0.1:8080', config: fileURLToPath(new URL('../../config/demo.yaml', import.meta.url)) };
  const words = process.argv.slice(2);
  while (words.length > 0) {
    const name = words.shift();
    const value = words.shift();
    if (!['--url', '--config'].includes(name) || value === undefined) {
      console.error(`tools/tour: ${name} is not understood; see tools/tour --help`);
      process.exit(2);
    }
    given[name.slice(2)] = name === '--config' ? resolve(value) : value.replace(/\/$/, '');
  }
  return given;
}

async function startDoubles(channels, secrets) {
  const { ports, elsewhere } = doublePorts(channels);
  try {
    const doubles = await Doubles.start({ http: Number(ports.http ?? 0), smtp: Number(ports.smtp ?? 0) }, secrets);
    return { doubles, elsewhere };
  } catch (problem) {
    throw new Error(`the doubles of the providers cannot listen where the configuration sends answers (${problem.message}); is another tour running?`);
  }
}

/** Who of the agents is offered the scene's ticket first. */
async function offered(agents, scene, since) {
  const fits = (ticket) => ticket.channel === scene.channel && new Date(ticket.updated_at) >= since;
  const asked = agents.map(async (agent) => {
    const { offer } = await agent.desk.next('offer', (frame) => fits(frame.offer.ticket), 'an offer', patience);
    return { agent, offer };
  });
  try {
    return await Promise.any(asked);
  } catch {
    throw new Error('neither Ann nor Bo was offered it: is somebody else available at a desk, or are their hands full?');
  }
}

async function delivery(scene, elsewhere, agent, ticket, entry) {
  if (!elsewhere.has(scene.channel)) {
    print.step('arrived', await scene.arrived());
    if (entry) await agent.delivered(ticket, entry);
    return;
  }
  print.step('sent', `to ${elsewhere.get(scene.channel)}, which is not on this machine`);
  const { deliveries } = await agent.client.ticket(ticket.id);
  for (const each of deliveries) print.more(`${each.state} after ${each.attempts ?? 0} attempts${each.reason ? `: ${each.reason}` : ''}`);
}

async function work(scene, agent, ticket, elsewhere) {
  if (scene.answer) {
    const entry = await agent.reply(ticket, scene.answer);
    print.step('replies', `"${scene.answer}"`);
    await delivery(scene, elsewhere, agent, ticket, entry);
  } else if (scene.arrived) {
    await delivery(scene, elsewhere, agent, ticket, null);
  }
  if (scene.note) {
    await agent.note(ticket, scene.note);
    print.step('notes', `"${scene.note}"`);
  }
  await scene.end?.();
}

async function finish(agent, ticket, say = print.good) {
  let { ticket: now } = await agent.client.ticket(ticket.id);
  if (now.status === 'held') now = await agent.resolve(ticket, 'solved');
  if (now.status === 'wrapping_up') await agent.client.expect(200, 'POST', `/api/v1/tickets/${ticket.id}/wrap-up/end`, {});
  const { entries } = await agent.client.ticket(ticket.id);
  say(`resolved; ticket ${ticket.id} has ${entries.length} entries on record`);
}

/** A call takes all of an agent: what waits for these two, or was left by an interrupted tour, must go first. */
async function clearDesk(agent) {
  const clear = async (ticket) => {
    print.plain(`${agent.snapshot.agent.name} resolves ticket ${ticket.id}, left from before.`);
    await finish(agent, ticket, print.more);
  };
  for (const ticket of agent.snapshot.tickets) await clear(ticket);
  for (;;) {
    const frame = await agent.desk.next('offer', () => true, 'an offer', quiet).catch(() => null);
    if (frame === null) break;
    await clear(await agent.accept(frame.offer));
  }
}

async function play(scene, number, agents, elsewhere) {
  print.title(`${number}. ${scene.channel}: ${scene.customer}`);
  const since = new Date();
  if (scene.before) print.step('before', await scene.before());
  print.step('writes', `"${scene.says}"`);
  print.more(scene.proof);
  print.step('engine', await scene.send());
  const { agent, offer } = await offered(agents, scene, since);
  const detail = await agent.client.ticket(offer.ticket.id);
  const other = agents.find((each) => each !== agent);
  const why = await agent.client.expect(200, 'GET', `/api/v1/tickets/${offer.ticket.id}/explain?agent=${other.id}`);
  print.decision(detail, why);
  print.step('offered', `to ${agent.snapshot.agent.name}, until ${new Date(offer.expires_at).toLocaleTimeString()}`);
  print.funnel(why, other.snapshot.agent.name);
  const ticket = await agent.accept(offer);
  print.step('accepts', `${agent.snapshot.agent.name} holds ticket ${ticket.id}`);
  await work(scene, agent, ticket, elsewhere);
  await finish(agent, ticket);
}

async function tour() {
  const { url, config } = readArguments();
  const demo = new Demo(url);
  const ready = await demo.anyone.get('/readyz').catch(() => null);
  if (ready?.status !== 200) throw new Error(`nothing is ready at ${url}: start ./tools/run in another terminal first`);
  const channels = readChannels(config);
  const secrets = demoSecrets(channels);
  const { doubles, elsewhere } = await startDoubles(channels, secrets);
  print.plain(`Kindred at ${url}. The doubles of the providers listen at ${doubles.addresses.http} and ${doubles.addresses.smtp}.`);
  const agents = [await Agent.arrive(demo, 'ann'), await Agent.arrive(demo, 'bo')];
  print.plain(`${agents.map((agent) => agent.snapshot.agent.name).join(' and ')} are at their desks.`);
  for (const agent of agents) await clearDesk(agent);
  const failed = [];
  const all = scenes({ engine: demo, sign: new Signer(secrets, url), doubles, secrets, shop: new Client(url, demoToken(config)) });
  for (const [at, scene] of all.entries()) {
    await play(scene, at + 1, agents, elsewhere).catch((problem) => {
      failed.push(scene.channel);
      print.bad(problem.message);
    });
  }
  for (const agent of agents) await agent.leave();
  const complaints = doubles.all.flatMap((double) => double.complaints);
  for (const complaint of complaints) print.bad(complaint);
  await doubles.stop();
  print.title(failed.length + complaints.length === 0 ? `All of it worked: ${all.length} contacts over ${new Set(all.map((scene) => scene.channel)).size} channels.` : `Not all worked: ${failed.join(', ') || 'see above'}.`);
  return failed.length + complaints.length === 0 ? 0 : 1;
}

tour().then((code) => process.exit(code), (problem) => {
  console.error(`tools/tour: ${problem.message}`);
  process.exit(1);
});
