/** The account side as a reader sees it, at several moments: nightly dumps and backups show earlier versions of a row. */
import { seenRows } from './rows.js';
import type { Seen } from './rows.js';

export interface AccountSeen extends Seen {
  readonly subject: string;
  readonly handle: Buffer;
  readonly holder_key: Buffer | null;
  readonly suspended: boolean;
  readonly ticket_day: number;
  readonly tickets_today: number;
  readonly ticket_period: number;
  readonly tickets_in_period: number;
  readonly email_mark: Buffer | null;
  readonly phone_mark: Buffer | null;
}

export const seenAccounts = (superUrl: string): Promise<AccountSeen[]> =>
  seenRows<Omit<AccountSeen, keyof Seen>>(superUrl, 'registrar.accounts');

/** An account's row was written: what all dumps together show of that, each version once, oldest first. */
export function seenWrites(dumps: ReadonlyArray<readonly AccountSeen[]>): AccountSeen[] {
  const writes = new Map<string, AccountSeen>();
  for (const row of dumps.flat()) writes.set(`${row.subject}/${row.xmin}`, row);
  return [...writes.values()].sort((a, b) => a.xmin - b.xmin || a.place - b.place);
}
