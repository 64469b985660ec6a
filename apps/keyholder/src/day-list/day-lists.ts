/**
 * The day list (protocol.md §3): made once a day, kept on disk, the same bytes for everybody until the day is over, whatever is
 * configured or restarted meanwhile. A second list on one day would part clients into those who saw the one and the other.
 */
import path from 'node:path';
import { createHash } from 'node:crypto';
import { canonicalBytes, dayList as dayListSchema, toBase64Url } from '#contracts';
import type { DayList } from '#contracts';
import type { Clock } from '#platform';
import { signDayList } from '#tickets';
import type { TicketKey } from '#tickets';
import type { KeyholderKeys } from '../keys/keyholder-keys.js';
import { readSecretFile, writeSecretFile } from '../keys/secret-files.js';
import type { WrapKeys } from './wrap-keys.js';

const fileName = 'day-list.json';

/** 32 bytes, for the audit log. */
export const dayListDigest = (list: DayList): Uint8Array => createHash('sha256').update(canonicalBytes(list)).digest();

export interface DayListSources {
  readonly folder: string;
  readonly clock: Clock;
  readonly keys: Pick<KeyholderKeys, 'keyHolderId' | 'rootSigner'>;
  readonly wrapKeys: WrapKeys;
  /** signs the tickets of the day */
  readonly ticketKey: () => TicketKey;
  /** called once for each list that is made, before anybody gets it */
  readonly onMade?: (list: DayList) => Promise<void>;
}

export class DayLists {
  private latest: { day: number; list: Promise<DayList> } | undefined;

  constructor(private readonly sources: DayListSources) {}

  today(): Promise<DayList> {
    const day = this.sources.clock.today();
    if (this.latest?.day !== day) {
      const list = this.listOf(day);
      this.latest = { day, list };
      list.catch(() => (this.latest = undefined)); // the next caller tries again
    }
    return this.latest!.list;
  }

  private async listOf(day: number): Promise<DayList> {
    const { folder, keys, wrapKeys, ticketKey, onMade } = this.sources;
    const file = path.join(folder, fileName);
    const wrapKey = await wrapKeys.turn(day);
    const kept = await readSecretFile(file);
    const earlier = kept && dayListSchema.parse(JSON.parse(Buffer.from(kept).toString('utf8')));
    if (earlier?.body.day === day) return earlier;
    const { kid, key } = ticketKey();
    const list = await signDayList(keys.rootSigner, {
      v: 1,
      keyHolderId: keys.keyHolderId,
      day,
      hpke: { kid: wrapKey.kid, key: toBase64Url(wrapKey.publicKey) },
      ticket: { kid, key },
    });
    await onMade?.(list);
    await writeSecretFile(file, JSON.stringify(list));
    return list;
  }
}
