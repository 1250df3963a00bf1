const ruleFile = /(?:^|\/)((?:calendars|macros|profile|queues|routing|segments|site|skills|stages|surveys|tests)(?:\/[^/]+)*\.ya?ml|(?:scripts|faq)\/.+\.md)$/;

/** A rule file's path within its ruleset: an engine that reads a folder names the folder as well. */
export const placeInRules = (file: string): string => ruleFile.exec(file)?.[1] ?? file;

const longest = 60;

/** A fact's value as it was, on one line. */
export function shortly(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return [...text].length > longest ? `${[...text].slice(0, longest).join('')}…` : text;
}
