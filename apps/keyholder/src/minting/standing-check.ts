/**
 * What minting and renewal ask about standings, and all they may know: whether one is in force, and when a selector ends by it
 * (protocol.md §7). Implemented by the standings module of this process, bound with `{ provide: StandingCheck, … }` as a global provider.
 * Both are asked inside the writer's transaction and must read through it: the writer runs one at a time, a second would wait for ever.
 */
import type { Handle, SelectorId } from '#contracts';
import type { Transaction } from '../database/writer.js';

/** A selector whose signature was checked, and the handle its slot belongs to. */
export interface HeldSelector {
  readonly selectorId: SelectorId;
  readonly handle: Handle;
  /** 32 bytes: the same in all selectors of a pseudonym, so a blind act on it outlives a renewal */
  readonly subject: Uint8Array;
  readonly period: number;
  /**
   * First day on which it is no longer valid. A renewal keeps the weeks after its period, so the expiry of this pseudonym's selector
   * of an earlier period p was `expiryDay − 30 × (period − p)`.
   */
  readonly expiryDay: number;
}

/** When a selector ends by a standing in force. */
export interface SelectorEnd {
  readonly at: Date;
  /** by a blind suspension that nothing backs: then a renewal into a period that begins at or after the end is refused, too */
  readonly blind: boolean;
}

export abstract class StandingCheck {
  /** For each of these handles with a standing in force: hex of the handle → 'standing'. Others are absent. */
  abstract refuses(transaction: Transaction, handles: readonly Handle[]): Promise<ReadonlyMap<string, 'standing' | undefined>>;

  /** The end of this selector, or undefined while no standing in force ends it. */
  abstract selectorEnd(transaction: Transaction, selector: HeldSelector): Promise<SelectorEnd | undefined>;
}

/** Key of a handle in the map above. */
export const handleHex = (handle: Uint8Array): string =>
  Buffer.from(handle.buffer, handle.byteOffset, handle.length).toString('hex');
