/**
 * Every way a call can fail, as one typed error: the codes of the service's problem table, and those only the client itself can
 * find. `retry` says what an app may do; a sealed reason is already opened.
 */
import { problems } from '#contracts';
import type { ProblemCode } from '#contracts';
import type { RefusalReason } from '#tickets';

type Retry = 'no' | 'after' | 'after-approval';

const local = {
  network: { title: 'The service could not be reached', retry: 'after' },
  'answer-malformed': { title: 'The service’s answer is not what the contract says', retry: 'no' },
  'day-list-refused': {
    title: 'The day list is not signed by the pinned key, not today’s, or a second one for today',
    retry: 'no',
  },
  'receipt-refused': { title: 'The enrolment receipt does not bind this holder key', retry: 'no' },
  'ticket-refused': { title: 'A ticket differs from everybody’s, so it could be recognised', retry: 'no' },
  'credential-refused': { title: 'The credential is not for the key and address that were sent', retry: 'no' },
  'already-enrolled': { title: 'This device has the holder key that is in use', retry: 'no' },
  'no-ticket': { title: 'No unused ticket is left', retry: 'after' },
  'too-early': { title: 'The delay has not passed yet', retry: 'after' },
  stopped: { title: 'The key holder said to stop: suspended, or too many live pseudonyms', retry: 'after-approval' },
  'not-known': { title: 'No such attempt or pseudonym in this state', retry: 'no' },
} as const satisfies Record<string, { title: string; retry: Retry }>;

export type LocalProblemCode = keyof typeof local;
export type ClientProblemCode = ProblemCode | LocalProblemCode;

export interface ClientProblemDetails {
  readonly retryAfterMs?: number | undefined;
  /** Why the key holder refused, if it said so. */
  readonly reason?: RefusalReason | undefined;
  /** 48 bytes, base64url, still sealed. */
  readonly sealedReason?: string | undefined;
}

export class ClientProblem extends Error {
  override readonly name = 'ClientProblem';
  readonly retry: Retry;
  readonly retryAfterMs: number | undefined;
  readonly reason: RefusalReason | undefined;
  readonly sealedReason: string | undefined;

  constructor(
    readonly code: ClientProblemCode,
    details: ClientProblemDetails = {},
  ) {
    const { title, retry } = code in local ? local[code as LocalProblemCode] : problems[code as ProblemCode];
    super(title);
    this.retry = retry;
    this.retryAfterMs = details.retryAfterMs;
    this.reason = details.reason;
    this.sealedReason = details.sealedReason;
  }
}
