/**
 * Opens selectors that came back: own signature checked before, this key epoch, and a slot that is still its pseudonym's. A slot goes to
 * another handle once its last selector has expired and left the window, so an older selector would name the wrong account.
 */
import { Inject, Injectable } from '@nestjs/common';
import { DAY_MS, type PolicyDocument } from '#contracts';
import { Clock } from '#platform';
import type { Selector } from '#pseudonyms';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { SECRET_SCHEME } from '../keys/keys.module.js';
import type { SecretScheme } from '../secret-key/index.js';

@Injectable()
export class SlotOpener {
  constructor(
    @Inject(SECRET_SCHEME) private readonly scheme: SecretScheme,
    private readonly keys: KeyholderKeys,
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
    const usable = selectors.map(({ keyEpoch, expiryDay }) => keyEpoch === this.keys.keyEpoch && today < expiryDay + windowDays);
    const slots = await this.scheme.openSelectors(selectors.filter((_, i) => usable[i]).map(({ bytes }) => bytes));
    let next = 0;
    return usable.map((use) => (use ? slots[next++] : undefined));
  }
}
