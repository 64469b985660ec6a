/** What the secret side refuses. `reason` is internal: it goes to the key holder's audit rows, never into an answer. */

export type TallyFault = 'bytes' | 'bound' | 'noise' | 'slot-maximum' | 'weight-sum';

/** A sum that is not what its leaf attests. */
export class TallyRefused extends Error {
  override readonly name = 'TallyRefused';
  readonly reason: TallyFault;

  constructor(reason: TallyFault) {
    super('tally refused');
    this.reason = reason;
  }
}

/** Bytes that are no one-hot selector of this key. */
export class SelectorRefused extends Error {
  override readonly name = 'SelectorRefused';

  constructor() {
    super('selector refused');
  }
}

/** Stored secret bytes that are damaged or of another parameter set. */
export class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable';

  constructor() {
    super('stored secret is unreadable');
  }
}
