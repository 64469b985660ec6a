/** A hub's own durable store of SETs that are not delivered yet. With one, a crash between "decided" and "delivered" loses nothing. */
import type { SignedSet } from './signed-set.js';

export interface Outbox {
  /** Durable when it resolves. */
  put(set: SignedSet): Promise<void>;
  /** Taken or rejected for good. */
  remove(jti: string): Promise<void>;
  /** Everything put and not removed, in any order. */
  pending(): AsyncIterable<SignedSet> | Iterable<SignedSet>;
}
