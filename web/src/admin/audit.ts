import type { AuditRecord } from '@/api/admin_calls';

/** Records in which every word occurs: in who, what, about whom or the detail. */
export function matching(records: readonly AuditRecord[], words: string): AuditRecord[] {
  const wanted = words.toLowerCase().split(/\s+/).filter((each) => each !== '');
  return records.filter((each) => {
    const text = `${each.number} ${each.by} ${each.action} ${each.about} ${JSON.stringify(each.detail ?? {})}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** Numbers that should stand between the first and the last of these (latest first) and do not. */
export function missingNumbers(records: readonly AuditRecord[]): number[] {
  const missing: number[] = [];
  for (let at = 1; at < records.length; at += 1)
    for (let number = records[at - 1]!.number - 1; number > records[at]!.number && missing.length < 100; number -= 1) missing.push(number);
  return missing;
}
