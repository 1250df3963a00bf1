import type { Offer } from '@/api/types';
import { translate } from '@/words';

const kept = 'kindred.sound';
let audio: AudioContext | null = null;

export const soundIsOn = (): boolean => localStorage.getItem(kept) !== 'off';
export const setSound = (on: boolean): void => localStorage.setItem(kept, on ? 'on' : 'off');

/** Asks for desktop notifications; browsers want a click or key for that. */
export async function askToNotify(): Promise<void> {
  if ('Notification' in window && Notification.permission === 'default') await Notification.requestPermission().catch(() => {});
}

/** Two short tones, and a notification when the agent looks elsewhere. */
export function alertOf(offer: Offer): void {
  if (soundIsOn()) chime();
  if (document.visibilityState === 'visible' && document.hasFocus()) return;
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  const shown = new Notification(translate('offer.notification', { name: offer.ticket.customer?.name || translate('customer.unknown') }), {
    body: offer.ticket.subject || translate('ticket.noSubject'), tag: `offer-${offer.id}`, icon: '/icon.svg',
  });
  shown.onclick = () => { window.focus(); shown.close(); };
  setTimeout(() => shown.close(), Math.max(1000, new Date(offer.expires_at).getTime() - Date.now()));
}

function chime(): void {
  try {
    audio ??= new AudioContext();
    if (audio.state !== 'running') void audio.resume().catch(() => {});
    if (audio.state !== 'running') return;  // not before the first key or click: browsers forbid it
    const begin = audio.currentTime;
    for (const [at, pitch] of [[0, 660], [0.16, 880]] as const) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, begin + at);
      volume.gain.exponentialRampToValueAtTime(0.12, begin + at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, begin + at + 0.15);
      tone.connect(volume).connect(audio.destination);
      tone.start(begin + at);
      tone.stop(begin + at + 0.16);
    }
  } catch {
    // No sound device: the card and the title say it too.
  }
}
