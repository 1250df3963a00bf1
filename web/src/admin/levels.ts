const highest = 10;

/**
 * "lamps 7, invoices" as levels by name; without a number it is the highest.
 * @returns null where something is no name with a level from 1 to 10
 */
export function levelsOf(text: string): Record<string, number> | null {
  const levels: Record<string, number> = {};
  for (const part of text.split(',').map((each) => each.trim()).filter((each) => each !== '')) {
    const [name, level, ...rest] = part.split(/[\s:=]+/);
    const number = level === undefined ? highest : Number(level);
    if (!name || rest.length > 0 || !Number.isInteger(number) || number < 1 || number > highest) return null;
    levels[name] = number;
  }
  return levels;
}

/** The same as it is typed. */
export const levelsText = (levels: Record<string, number> | undefined): string =>
  Object.entries(levels ?? {}).map(([name, level]) => `${name} ${level}`).join(', ');
