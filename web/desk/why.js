import { element } from './dom.js';

/**
 * Why a ticket is where it is, as a strip: channel, segments, stage, route, queue.
 * @param {object} ticket summary of the API; @param {object=} decision adds priority and requirements where known
 */
export function whyStrip(ticket, decision) {
  const segments = Object.entries(ticket.segments ?? decision?.segments ?? {});
  const steps = [
    ['channel', ticket.channel],
    ...segments.map(([dimension, name]) => [dimension, name]),
    ['stage', ticket.stage ?? decision?.stage],
    ['route', ticket.route ?? decision?.route],
    ['queue', ticket.queue],
    ['priority', ticket.priority],
  ].filter(([, value]) => value);
  return element('ol.why', { 'aria-label': 'Why this ticket is here' }, ...steps.map(([label, value]) =>
    element('li', { title: label }, element('span.label', {}, label), element('span.value', {}, value))));
}

/** "concierge 7, language es": what the step in force asks of an agent. */
export function requirementsText(requirements) {
  return Object.entries(requirements ?? {})
    .map(([skill, level]) => `${skill} ${typeof level === 'object' ? Object.values(level).join(' ') : level}`)
    .join(', ');
}
