/**
 * What libs/he refuses or loses. Codes are stable and carry no library text; no message holds bytes of a selector or a sum.
 */

/** Why bytes were turned away before SEAL saw them. */
export type ByteFault = 'length' | 'compressed' | 'header' | 'coefficient' | 'transparent';

/** Bytes that are not exactly a selector (or sum) of the parameter set. `at` is the index inside a batch. */
export class CiphertextRefused extends Error {
  override readonly name = 'CiphertextRefused';
  readonly code: ByteFault;
  readonly at: number | undefined;

  constructor(code: ByteFault, at?: number) {
    super(at === undefined ? `ciphertext refused: ${code}` : `ciphertext ${at} refused: ${code}`);
    this.code = code;
    this.at = at;
  }
}

/** A batch or a call that a fold cannot take: the caller's mistake, nothing was added. */
export class FoldRefused extends Error {
  override readonly name = 'FoldRefused';
  readonly code: 'count' | 'hub' | 'weight' | 'ended';

  constructor(code: FoldRefused['code']) {
    super(`fold refused: ${code}`);
    this.code = code;
  }
}

/** The worker behind a fold (or call) died and was replaced; whatever it held is gone. Safe to run again from the start. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost';
  /** Kind of the error that ended it, e.g. WebAssembly.Exception, exit. */
  readonly reason: string;

  constructor(reason: string, cause?: unknown) {
    super(`worker lost: ${reason}`, { cause });
    this.reason = reason;
  }
}

/** The scheme was closed by its owner. */
export class SchemeClosed extends Error {
  override readonly name = 'SchemeClosed';

  constructor() {
    super('scheme is closed');
  }
}
