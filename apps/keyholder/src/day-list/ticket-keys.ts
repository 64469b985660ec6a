/**
 * The registrar's ticket keys that the key holder accepts, newest first (TICKET_KEYS_FILE). Public, pinned in the configuration, and followed
 * without a restart, since a restart takes people. The newest is in the next day list; an older one says when it was last in one, and what it
 * signed is accepted until its last ticket has expired. Whoever writes that file says who issues tickets: so a change counts once it is noted.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { bytesOf, toBase64Url } from '#contracts';
import { FollowedFile, kidOf } from '#platform';
import type { TicketKey } from '#tickets';

const entry = z.strictObject({ kid: z.string().length(11), key: bytesOf(32), lastDay: z.int().nonnegative().optional() });
const ticketKeysFile = z.array(entry).min(1).max(32);

export type Keys = readonly [TicketKey, ...TicketKey[]];

export class TicketKeys {
  /** Read, and not noted yet. */
  private waiting: Keys | undefined;

  private constructor(
    private readonly file: FollowedFile,
    private keys: Keys,
    private readonly report: (followed: boolean) => void,
  ) {}

  /**
   * @param report told once for each change of the file: whether it is followed
   * @throws Error naming the fault, never a value
   */
  static open(file: string, report: (followed: boolean) => void): TicketKeys {
    const followed = new FollowedFile(file);
    return new TicketKeys(followed, readTicketKeys(file), report);
  }

  /** For the day list that is made next. */
  get newest(): TicketKey {
    return this.accepted[0];
  }

  get accepted(): Keys {
    return this.keys;
  }

  /**
   * Takes what the file says now; one that does not fit changes nothing.
   * @param note of the keys that will be accepted. When it rejects they are not yet, and the next call tries again
   */
  async follow(note: (keys: Keys) => Promise<void>): Promise<void> {
    if (this.file.look()) this.waiting = this.read();
    const { waiting } = this;
    if (!waiting) return;
    await note(waiting);
    this.keys = waiting;
    this.waiting = undefined;
    this.report(true);
  }

  private read(): Keys | undefined {
    try {
      return readTicketKeys(this.file.path);
    } catch {
      this.report(false);
      return undefined;
    }
  }
}

function readTicketKeys(file: string): Keys {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error('ticket keys file: cannot be read as JSON');
  }
  const parsed = ticketKeysFile.safeParse(value);
  if (!parsed.success) throw new Error(`ticket keys file: ${parsed.error.issues[0]?.path.join('.')} does not fit`);
  for (const [place, { kid, key, lastDay }] of parsed.data.entries()) {
    if (kidOf(key) !== kid) throw new Error('ticket keys file: a kid does not name its key');
    if ((place === 0) !== (lastDay === undefined))
      throw new Error('ticket keys file: all but the first, and not the first, say the last day they were in a day list');
  }
  const [newest, ...older] = parsed.data.map(({ kid, key, lastDay }): TicketKey => ({
    kid,
    key: toBase64Url(key),
    ...(lastDay !== undefined && { lastDay }),
  }));
  return [newest!, ...older];
}
