/** What mint, renewal and match may know of standings: whether one is in force, and when a selector ends by it. */
import { Injectable } from '@nestjs/common';
import type { Handle } from '#contracts';
import { PolicyStore } from '#policy';
import type { Transaction } from '../database/writer.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { prfLabels } from '../keys/prf.js';
import { handleHex, StandingCheck, type HeldSelector, type SelectorEnd } from '../minting/standing-check.js';
import { selectorChanges, selectorEnd, type EndRules, type SelectorChange } from './selector-end.js';
import { namedInForce, standingsInForce } from './standings.repository.js';

/** A selector that the match opened. */
export type MatchedSelector = Omit<HeldSelector, 'handle'> & { readonly handle: Handle | undefined };

@Injectable()
export class Standings extends StandingCheck {
  private readonly listeners: ((force: number) => void)[] = [];

  constructor(
    private readonly keys: KeyholderKeys,
    private readonly policies: PolicyStore,
  ) {
    super();
  }

  async refuses(transaction: Transaction, handles: readonly Handle[]): Promise<ReadonlyMap<string, 'standing'>> {
    const standings = await standingsInForce(transaction, handles);
    return new Map([...standings.keys()].map((handle) => [handle, 'standing']));
  }

  async selectorEnd(transaction: Transaction, selector: HeldSelector): Promise<SelectorEnd | undefined> {
    const standing = (await standingsInForce(transaction, [selector.handle])).get(handleHex(selector.handle));
    if (!standing) return undefined;
    const mark = this.markOf(selector.subject);
    const named = (await namedInForce(transaction, [mark])).get(handleHex(mark));
    return selectorEnd(selector, standing, named, this.rules());
  }

  /** What the match tells of many at once, same order. @param selectors with the handle of those whose account has a standing in force */
  async changes(transaction: Transaction, selectors: readonly MatchedSelector[]): Promise<SelectorChange[][]> {
    const standings = await standingsInForce(
      transaction,
      selectors.flatMap(({ handle }) => handle ?? []),
    );
    const marks = selectors.map(({ subject }) => this.markOf(subject));
    const named = await namedInForce(transaction, marks);
    const rules = this.rules();
    return selectors.map((selector, i) => {
      const standing = selector.handle && standings.get(handleHex(selector.handle));
      return selectorChanges(selector, standing, named.get(handleHex(marks[i] as Uint8Array)), rules);
    });
  }

  /** Called with the force number of each reinstatement, and of terms that are over, after it is committed. */
  onReinstated(listener: (force: number) => void): void {
    this.listeners.push(listener);
  }

  reinstated(force: number): void {
    for (const listener of this.listeners) listener(force);
  }

  private rules(): EndRules {
    return { prf: this.keys.prf, revocation: this.policies.live().document.revocation };
  }

  /** HMAC(k, subject): names a pseudonym through all its renewals, and to nobody else. */
  markOf(subject: Uint8Array): Uint8Array {
    return this.keys.prf.bytes(prfLabels.named, subject);
  }
}
