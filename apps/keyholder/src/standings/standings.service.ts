/** What mint, renewal and match may know of standings: whether one is in force, and when a selector ends by it. */
import { Injectable } from '@nestjs/common';
import type { Handle } from '#contracts';
import { PolicyStore } from '#policy';
import type { Transaction } from '../database/writer.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { prfLabels } from '../keys/prf.js';
import { handleHex, StandingCheck, type HeldSelector, type SelectorEnd } from '../minting/standing-check.js';
import { selectorEnd } from './selector-end.js';
import { namedInForce, standingsInForce } from './standings.repository.js';

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
    const [end] = await this.selectorEnds(transaction, [selector]);
    return end;
  }

  /** Many at once, same order. */
  async selectorEnds(transaction: Transaction, selectors: readonly HeldSelector[]): Promise<(SelectorEnd | undefined)[]> {
    const standings = await standingsInForce(
      transaction,
      selectors.map(({ handle }) => handle),
    );
    const suspended = selectors.filter(({ handle }) => standings.has(handleHex(handle)));
    if (suspended.length === 0) return selectors.map(() => undefined);
    const marks = new Map(suspended.map(({ subject }) => [subject, this.markOf(subject)]));
    const named = await namedInForce(transaction, [...marks.values()]);
    const rules = { prf: this.keys.prf, revocation: this.policies.live().document.revocation };
    return selectors.map((selector) => {
      const standing = standings.get(handleHex(selector.handle));
      if (!standing) return undefined;
      return selectorEnd(selector, standing, named.get(handleHex(marks.get(selector.subject) as Uint8Array)), rules);
    });
  }

  /** Called with the force number of each reinstatement, after it is committed. */
  onReinstated(listener: (force: number) => void): void {
    this.listeners.push(listener);
  }

  reinstated(force: number): void {
    for (const listener of this.listeners) listener(force);
  }

  /** HMAC(k, subject): names a pseudonym through all its renewals, and to nobody else. */
  markOf(subject: Uint8Array): Uint8Array {
    return this.keys.prf.bytes(prfLabels.named, subject);
  }
}
