/**
 * Verifies what a manifest names, from the raw tokens and statements (protocol.md §5): hubs' signatures with keys of the policy, of the
 * hub's own JWKS, or of what this witness saw of it before; moderators' signatures with keys of the policy.
 */
import { canonicalBytes, frame, fromBase64Url, labels, Problem, signalStatement, type PolicyDocument } from '#contracts';
import { verify } from '#platform';
import { hubOf } from '#policy';
import { HubKey, SetRefused, verifySet, type HubKeys, type KeyedHub, type PublicJwk } from '#signals';
import { rulingOf, signalOf, type ObjectionReason, type StoredEntry, type StoredRuling } from '#tallies';

/** What this witness remembers of hubs' keys. */
export interface KeyMemory {
  keySeen(hub: string, kid: string): Promise<unknown>;
}

/** A hub's keys cannot be had right now, and none of them was seen before: ask again. */
export class KeysAway extends Error {
  override readonly name = 'KeysAway';
}

export type SetVerdict = { readonly jwk: PublicJwk | null } | { readonly objection: ObjectionReason };

export class EntryVerifier {
  constructor(
    private readonly keys: Pick<HubKeys, 'keyOf'>,
    private readonly memory: KeyMemory,
  ) {}

  /** @throws KeysAway */
  async set(entry: StoredEntry, policy: PolicyDocument): Promise<SetVerdict> {
    if (entry.token === null) return { objection: 'missing' };
    if (!signalOf(entry)) return { objection: 'altered' };
    try {
      const { jwk } = await verifySet(entry.token, {
        audience: policy.audience,
        now: undefined, // its age was right when it arrived
        hubOf: (issuer) => hubOf(policy, issuer),
        keyOf: (hub, kid) => this.#keyOf(hub, kid),
      });
      return { jwk };
    } catch (error) {
      if (!(error instanceof SetRefused)) throw error;
      // authentic, from a hub that is suspended now: the policy lets it weigh nothing
      return error.err === 'access_denied' ? { jwk: null } : { objection: 'unverified' };
    }
  }

  /** Is this decision signed by a moderator of the policy? */
  decision(stored: StoredRuling, policy: PolicyDocument): boolean {
    const statement = rulingOf(stored) && signalStatement.parse(stored.body);
    const moderator = policy.moderators.find(({ id }) => id === statement?.by);
    if (!statement || !moderator || stored.signature === null) return false;
    const message = frame(labels.statement, canonicalBytes(statement));
    return verify(fromBase64Url(moderator.key), message, signatureBytes(stored.signature));
  }

  async #keyOf(hub: KeyedHub, kid: string): Promise<HubKey | undefined> {
    const now = await this.#current(hub, kid);
    if (now instanceof HubKey) return now;
    const seen = await this.memory.keySeen(hub.id, kid);
    const key = typeof seen === 'object' && seen !== null ? HubKey.from(seen as Record<string, unknown>) : undefined;
    if (!key && now === 'away') throw new KeysAway();
    return key;
  }

  async #current(hub: KeyedHub, kid: string): Promise<HubKey | 'away' | undefined> {
    try {
      return await this.keys.keyOf(hub, kid);
    } catch (error) {
      if (error instanceof Problem && error.code === 'service-unavailable') return 'away';
      throw error;
    }
  }
}

function signatureBytes(text: string): Uint8Array {
  try {
    return fromBase64Url(text);
  } catch {
    return new Uint8Array(); // verifies nothing
  }
}
