import type { JourneyStep } from '@/api/types';
import { authorOf } from './notes';

/** The words for a step, and what is put into them. A contact that opened a ticket needs none: it has the ticket's subject. */
export function wordsOf(step: JourneyStep): { key: string; values: Record<string, string> } {
  const values = { name: step.name ?? '', value: step.value ?? '', facts: factsOf(step).join(', ') };
  if (step.what === 'pin') return { key: step.value ? 'journey.pin' : 'journey.unpin', values };
  if (step.what === 'resolved') return { key: step.value ? 'journey.resolvedAs' : 'journey.resolved', values };
  if (step.what === 'facts' && values.facts === '') return { key: 'journey.record', values };
  return { key: `journey.${step.what}`, values };
}

/** Facts by the names that the profile has for them. */
export const factsOf = (step: JourneyStep): string[] => (step.changed ?? []).map((each) => each.replace(/^customer\./, ''));

/** Who did it and why, as far as that is known. */
export const saidOf = (step: JourneyStep): string => [authorOf(step.by), step.reason ?? ''].filter((each) => each !== '').join(' · ');

/** Whether it says something besides that it happened: moves whose cause is the step itself explain themselves. */
export const causeOf = (step: JourneyStep): string | undefined => (step.moves?.length && step.cause !== 'itself' ? `journey.because.${step.cause}` : undefined);
