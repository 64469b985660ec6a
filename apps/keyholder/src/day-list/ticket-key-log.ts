/**
 * Which ticket keys this key holder accepts, in its log: before a change counts, and at a start when they are others than the log says last.
 * So whoever changes the file, even while the key holder is down, leaves an entry that the registrar's own keys can be compared with.
 */
import { createHash } from 'node:crypto';
import { canonicalBytes, fromBase64Url, sameBytes, toBase64Url } from '#contracts';
import type { TicketKey } from '#tickets';
import type { AuditFact } from '../audit/audit-body.js';
import type { AuditLog } from '../audit/audit-log.js';
import { newestOfType } from '../audit/entries/entries.repository.js';
import type { Writer } from '../database/writer.js';
import type { Generation } from '../generation/generation.js';
import type { TicketKeys } from './ticket-keys.js';

type Fact = Extract<AuditFact, { type: 'ticket-keys' }>;

export class TicketKeyLog {
  constructor(
    private readonly keys: TicketKeys,
    private readonly writer: Writer,
    private readonly log: AuditLog,
    private readonly generation: Generation,
  ) {}

  /** Before the first ticket is opened. @throws Problem log-unavailable */
  async open(): Promise<void> {
    const fact = factOf(this.keys.accepted);
    await this.writer.transaction(async (transaction) => {
      const last = await newestOfType(transaction, this.generation.number, fact.type);
      if (!last || !sameBytes(canonicalBytes(last['keys']), canonicalBytes(fact.keys))) await this.log.note(transaction, fact);
    });
  }

  /** @throws Problem log-unavailable: those before stay accepted */
  follow(): Promise<void> {
    return this.keys.follow((next) => this.log.record(factOf(next)));
  }
}

const factOf = (keys: readonly TicketKey[]): Fact => ({ type: 'ticket-keys', keys: keys.map(keyOf) });

const keyOf = ({ kid, key, lastDay }: TicketKey): Fact['keys'][number] => ({
  kid,
  digest: toBase64Url(new Uint8Array(createHash('sha256').update(fromBase64Url(key)).digest())),
  ...(lastDay !== undefined && { lastDay }),
});
