/**
 * Opens selectors that came back: own signature checked before, a key epoch that is not destroyed, and a slot that is still its pseudonym's. A slot goes to
 * another handle once its last selector has expired and left the window, so an older selector would name the wrong account.
 */
import { Injectable } from '@nestjs/common';
import { DAY_MS, type PolicyDocument } from '#contracts';
import { Clock } from '#platform';
import type { Selector } from '#pseudonyms';
import { Schemes } from '../key-epochs/schemes.js';

@Injectable()
export class SlotOpener {
  constructor(
    private readonly schemes: Schemes,
    private readonly clock: Clock,
  ) {}

  /** @param selector whose signature was checked. @returns its slot, or undefined when it no longer stands for one. */
  async open(selector: Selector, policy: PolicyDocument): Promise<number | undefined> {
    const [slot] = await this.openAll([selector], policy);
    return slot;
  }

  /** Many at once, same order. */
  async openAll(selectors: readonly Selector[], policy: PolicyDocument): Promise<(number | undefined)[]> {
    const today = this.clock.today();
    const windowDays = Math.ceil((policy.windowEpochs * policy.epochSeconds * 1_000) / DAY_MS);
    const usable = selectors.map(({ keyEpoch, expiryDay }) => this.schemes.has(keyEpoch) && today < expiryDay + windowDays);
    const slots = await this.schemes.openSelectors(selectors.filter((_, i) => usable[i]));
    let next = 0;
    return usable.map((use) => (use ? slots[next++] : undefined));
  }
}
