/**
 * The key holder's HPKE keys (protocol.md §3): one a day, the only one that clients are told that day. A key of day d opens tickets
 * issued on d or before, so it is destroyed once day d + TICKET_DAYS is over: what was wrapped to it can then be read by nobody.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { TICKET_DAYS } from '#contracts';
import { generateWrapKey, importWrapKey } from '#tickets';
import type { WrapKey } from '#tickets';
import { makeFolder } from '../keys/secret-files.js';
import type { SealedFolder } from '../sealing/sealed-folder.js';

const fileName = /^(\d{1,6})\.key$/;
const place = 'wrap';
/** Does the key of `keyDay` still open a ticket that is valid on `day`? */
export const stillOpens = (keyDay: number, day: number): boolean => keyDay + TICKET_DAYS >= day;

export class WrapKeys {
  private readonly keys = new Map<number, WrapKey>();
  private turning: Promise<unknown> = Promise.resolve();

  private constructor(private readonly sealed: SealedFolder) {}

  /** Loads the keys that still open something on `day`, and makes that day's. They lie in `wrap/`, behind the barrier. */
  static async open(sealed: SealedFolder, day: number): Promise<WrapKeys> {
    const folder = path.join(sealed.folder, place);
    await makeFolder(folder);
    const keys = new WrapKeys(sealed);
    for (const name of await readdir(folder)) {
      const keyDay = Number(fileName.exec(name)?.[1] ?? Number.NaN);
      const bytes = Number.isNaN(keyDay) ? undefined : await sealed.read(nameOf(keyDay));
      if (bytes) keys.keys.set(keyDay, await importWrapKey(bytes));
      bytes?.fill(0);
    }
    await keys.turn(day);
    return keys;
  }

  /** Makes the key of `day` and destroys what has had its day. Safe to call at any time; calls wait for each other. */
  turn(day: number): Promise<WrapKey> {
    const turned = this.turning.then(() => this.turnNow(day));
    this.turning = turned.catch(() => undefined);
    return turned;
  }

  /** Keys that a ticket valid on `day` may be wrapped to. */
  accepted(day: number): WrapKey[] {
    return [...this.keys].filter(([keyDay]) => stillOpens(keyDay, day)).map(([, key]) => key);
  }

  private async turnNow(day: number): Promise<WrapKey> {
    for (const keyDay of [...this.keys.keys()].filter((known) => !stillOpens(known, day))) {
      this.keys.delete(keyDay);
      await this.sealed.destroy(nameOf(keyDay));
    }
    const there = this.keys.get(day);
    if (there) return there;
    const key = await importWrapKey(await this.sealed.keep(nameOf(day), generateWrapKey));
    this.keys.set(day, key);
    return key;
  }
}

/** In the secrets folder. */
const nameOf = (keyDay: number): string => `${place}/${keyDay}.key`;
