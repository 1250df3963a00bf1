import type { Entry } from '@/api/types';
import { translate } from '@/words';

const known = new Set([
  'decision', 'queued', 'queue_gone', 'escalated', 'priority_set', 'also_offered', 'offered', 'accepted', 'declined', 'expired', 'revoked', 'delivery', 'sent_again', 'transferred',
  'assigned', 'connecting', 'recording', 'hold', 'call-status', 'queue-result', 'abandoned', 'wrap_up', 'wrap_up_ended', 'resolved', 'reopened', 'continues', 'step',
  'status', 'bounce', 'snoozed', 'woken', 'merged', 'survey', 'survey_answer', 'survey_skipped', 'self_service', 'message_test',
]);

interface SurveyAnswer { question: string; value?: number; text?: string }

/** What was said to a survey, each question by its name. */
function answersOf(entry: Entry): string {
  const answers = Array.isArray(entry.answers) ? (entry.answers as SurveyAnswer[]) : [];
  return answers.map(({ question, value, text }) => `${question} ${value ?? `“${text ?? ''}”`}`).join(', ');
}

function nameOf(value: unknown): string | undefined {
  if (value !== null && typeof value === 'object' && 'name' in value) return String((value as { name: unknown }).name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** One line for what happened to a ticket. A kind that a newer engine may have is told by its name. */
export function happening(entry: Entry): string {
  const { kind } = entry;
  if (!known.has(kind)) return kind.replaceAll(/[_-]/g, ' ');
  const text = translate(`happening.${kind.replaceAll('-', '_')}`, {
    agent: nameOf(entry.agent) ?? translate('happening.somebody'),
    route: nameOf(entry.route) ?? '–',
    queue: nameOf(entry.queue) ?? '–',
    channel: nameOf(entry.channel) ?? '–',
    to: nameOf(entry.to_queue) ?? nameOf(entry.to_agent) ?? nameOf(entry.to) ?? translate('happening.somebodyElse'),
    step: String(entry.step ?? ''),
    state: nameOf(entry.state) ?? '',
    recording: translate(`happening.recording_${entry.recording === 'paused' ? 'paused' : 'goes_on'}`),
    call: kind === 'hold' ? translate(`happening.hold_${entry.call === 'on_hold' ? 'begins' : 'ends'}`) : '',
    status: nameOf(entry.record?.status) ?? nameOf(entry.status) ?? '',
    ticket: nameOf(entry.ticket) ?? '',
    escalation: nameOf(entry.escalation) ?? '',
    survey: nameOf(entry.survey) ?? '',
    answers: answersOf(entry),
    said: kind === 'self_service' ? translate(`happening.self_service_${entry.said === 'helped' ? 'helped' : 'person'}`) : '',
  });
  const more = [nameOf(entry.disposition), nameOf(entry.reason)].filter((each) => each !== undefined);
  return more.length > 0 ? `${text}: ${more.join(', ')}` : text;
}
