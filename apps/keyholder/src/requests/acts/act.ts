/**
 * An act that takes approvals, as the one table of them knows it. What is common to all of them (signatures, quorum, expiry, once, the log) is
 * done before and around it; an act says only what it does.
 */
import type { ActOutput, RequestEntry, RequestOf, RequestType } from '#contracts';
import type { Transaction } from '../../database/writer.js';

/** The account behind a pseudonym that a request names, found in the transaction of the act and kept nowhere beside it. */
export interface NamedAccount {
  readonly handle: Uint8Array;
  /** of the pseudonym, 32 bytes */
  readonly subject: Uint8Array;
}

/** With the signatures under it, which others can check. */
export interface Approved<T extends RequestType> extends Pick<RequestEntry, 'digest' | 'signature' | 'approvals'> {
  readonly request: RequestOf<T>;
  /** key of the requester that asked for the execution, base64url */
  readonly requesterKey: string;
  /** undefined unless the act names a pseudonym */
  readonly named: NamedAccount | undefined;
}

export interface ActDone {
  readonly output: ActOutput;
  /** What follows once it is committed. */
  readonly after?: () => Promise<void> | void;
}

export interface Act<T extends RequestType = RequestType> {
  readonly type: T;
  /** Its parameters name a pseudonym, whose selector nyms brings. */
  readonly namesPseudonym: boolean;
  /** False when it could not be carried out as things are: asked when it is requested, and again before it is announced. */
  admits(request: RequestOf<T>, transaction: Transaction): Promise<boolean> | boolean;
  /** @throws Problem answer-refused, and nothing has happened */
  run(transaction: Transaction, approved: Approved<T>): Promise<ActDone>;
}
