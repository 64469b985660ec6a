/** The selector that nyms brings for a request that names a pseudonym: signed by this key holder, and of that very pseudonym. */
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { fromBase64Url } from '#contracts';
import type { ApprovalRequest, namedPseudonym } from '#contracts';
import { checkSelector, checkSubject, fromSelectorRecord, SelectorRefused } from '#pseudonyms';
import type { Selector } from '#pseudonyms';
import { KeyholderKeys } from '../keys/keyholder-keys.js';

export type ShownPseudonym = z.output<typeof namedPseudonym>;

export interface NamedPseudonym {
  readonly uri: string;
  readonly selector: Selector;
}

@Injectable()
export class NamedPseudonyms {
  constructor(private readonly keys: KeyholderKeys) {}

  /** @returns undefined when it is missing, not ours, or another pseudonym's than the request names. */
  read({ parameters }: ApprovalRequest, shown: ShownPseudonym | undefined): NamedPseudonym | undefined {
    if (!shown || !('uri' in parameters)) return undefined;
    const { uri } = parameters;
    try {
      const selector = fromSelectorRecord(shown.selector, this.keys.pinned.selectorBytes);
      checkSelector(this.keys.pinned, selector);
      checkSubject(selector, { salt: shown.salt, uri, spki: fromBase64Url(shown.publicKey) });
      return { uri, selector };
    } catch (error) {
      if (error instanceof SelectorRefused || error instanceof RangeError) return undefined;
      throw error;
    }
  }
}
