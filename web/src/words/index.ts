import { createI18n } from 'vue-i18n';
import en from './en.json';

export const languages = { en: 'English', es: 'Español' } as const;
export type Language = keyof typeof languages;

const kept = 'kindred.language';

export const words = createI18n({ legacy: false, locale: 'en', fallbackLocale: 'en', messages: { en } as Record<string, typeof en> });

/** For what is no component. */
export const translate = (key: string, values: Record<string, unknown> = {}): string => words.global.t(key, values);

export function currentLanguage(): Language {
  return words.global.locale.value as Language;
}

/** Speaks this language from now on, here and after the next start. */
export async function speak(language: Language): Promise<void> {
  if (language !== 'en' && !words.global.availableLocales.includes(language)) {
    const loaded = (await import('./es.json')).default;
    words.global.setLocaleMessage(language, loaded as typeof en);
  }
  words.global.locale.value = language;
  document.documentElement.lang = language;
  localStorage.setItem(kept, language);
}

/** What was chosen before, else what the browser prefers. */
export function preferredLanguage(): Language {
  const chosen = localStorage.getItem(kept);
  const wanted = [chosen, ...navigator.languages].map((each) => each?.slice(0, 2));
  return (wanted.find((each): each is Language => each !== undefined && each in languages) ?? 'en');
}
