/**
 * Every answer that is not a success, in one table (RFC 9457): it makes the HTTP responses, the SDKs' union and the error pages.
 * A code is never reused. What the key holder refuses is `answer-refused`, whatever the reason.
 */
export interface ProblemType {
  readonly status: number;
  readonly title: string;
  /** What a client may do: never again, again later, or only after people have acted. */
  readonly retry: 'no' | 'after' | 'after-approval';
  /** For the page: why this happens and what to do. */
  readonly cause: string;
  readonly mend: string;
}

const problemTable = {
  'request-malformed': {
    status: 400,
    title: 'Request is malformed',
    retry: 'no',
    cause: 'A field is missing, has another type or length than documented, or is not known.',
    mend: 'Compare the request with /openapi.json; `detail` names the first field that does not fit.',
  },
  'not-authenticated': {
    status: 401,
    title: 'Not authenticated',
    retry: 'no',
    cause: 'No access token, or one that is expired, not for this audience or not signed by the identity provider.',
    mend: 'Get a fresh access token from the identity provider. Internal callers: check the client certificate.',
  },
  'not-permitted': {
    status: 403,
    title: 'Not permitted',
    retry: 'no',
    cause: 'The caller is known, but may not use this route, or the statement is not signed by a key of the policy.',
    mend: 'Check which key signs, and that the live policy names it. Internal callers: check whose certificate it is.',
  },
  'answer-refused': {
    status: 403,
    title: 'No answer for this request',
    retry: 'no',
    cause: 'The key holder does not answer this request. It never says why; a client finds the reason sealed for it alone.',
    mend: 'Clients: the SDK opens the sealed reason. Operators: the key holder counts refusals by kind in its own audit log.',
  },
  'account-suspended': {
    status: 403,
    title: 'Account is suspended',
    retry: 'after-approval',
    cause: 'Signals of several independent hubs crossed the threshold, or a moderator acted. The account gets no more tickets.',
    mend: 'Appeal as the standing answer says. A reinstated account can take tickets again.',
  },
  'not-enrolled': {
    status: 409,
    title: 'Account is not enrolled',
    retry: 'no',
    cause: 'Tickets need a holder key, and this account has registered none.',
    mend: 'Enrol the client first: POST /v1/enrolment.',
  },
  'holder-key-conflict': {
    status: 409,
    title: 'Holder key is taken or differs',
    retry: 'no',
    cause: 'The account has another holder key, or this key belongs to another account.',
    mend: 'Use the key the account enrolled with. Replacing a lost key takes seven days.',
  },
  'pseudonym-conflict': {
    status: 409,
    title: 'Pseudonym is taken',
    retry: 'no',
    cause: 'This URI or client address is in use with another key.',
    mend: 'Draw a fresh URI, key and salt, wait a full delay, and redeem another ticket.',
  },
  'renewal-not-open': {
    status: 409,
    title: 'Renewal is not open',
    retry: 'after',
    cause: 'Renewal opens in the last third of a period and is for the next period only.',
    mend: 'Renew between day 20 and day 29 of the period, for the period after it.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    retry: 'no',
    cause: 'No such route or resource.',
    mend: 'Check the address against /openapi.json.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    retry: 'no',
    cause: 'The route exists, but not with this method.',
    mend: 'Check the method against /openapi.json.',
  },
  'stream-exists': {
    status: 409,
    title: 'Stream exists',
    retry: 'no',
    cause: 'A hub has one stream, and this one has it already.',
    mend: 'Read it (GET without stream_id), then change it with PATCH or PUT, or delete it first.',
  },
  'body-too-large': {
    status: 413,
    title: 'Body is too large',
    retry: 'no',
    cause: 'The body is over the limit of its route (a SET: 64 KiB).',
    mend: 'Send one SET per request and drop large attachments.',
  },
  'type-not-supported': {
    status: 415,
    title: 'Content type is not supported',
    retry: 'no',
    cause: 'The route takes another content type.',
    mend: 'JSON routes take application/json; /v1/signals takes application/secevent+jwt.',
  },
  'ticket-limit-reached': {
    status: 429,
    title: 'Ticket limit reached',
    retry: 'after',
    cause: 'The account has taken as many tickets as the policy allows today or in this period.',
    mend: 'Wait for the time in Retry-After.',
  },
  'hub-limit-reached': {
    status: 429,
    title: 'Hub limit reached',
    retry: 'after',
    cause: 'This hub sends more signals a second than the policy allows.',
    mend: 'Back off for the time in Retry-After; the hub SDK does it by itself.',
  },
  'request-limit-reached': {
    status: 429,
    title: 'Too many requests',
    retry: 'after',
    cause: 'The route is over its limit.',
    mend: 'Wait for the time in Retry-After.',
  },
  'decisions-frozen': {
    status: 409,
    title: 'Decisions are frozen',
    retry: 'after-approval',
    cause:
      'A completely attested tally failed a check of the key holder, so it decides nothing until an approved request unfreezes it.',
    mend: 'Look into the audit log (`ctl audit tail`), find out who attested what, then `ctl request unfreeze`, which another operator approves.',
  },
  'log-unavailable': {
    status: 503,
    title: 'Log is not available',
    retry: 'after',
    cause:
      'The key holder cannot write its log, or too few log witnesses cosigned the entry in time. What must be evidenced first has not happened.',
    mend: 'Retry with back-off. Operators: check the disk and database of the key holder and its log witnesses; its log names the fault.',
  },
  'restore-unfinished': {
    status: 503,
    title: 'Key holder was restored',
    retry: 'after-approval',
    cause:
      'The key holder was started from a backup or an unknown state. It mints and decides nothing until its operators have named the last decided epoch.',
    mend: 'Operators: docs/backup.md, `ctl request restore`. Others: retry with back-off; tickets from before the restore are refused.',
  },
  fault: {
    status: 500,
    title: 'Internal fault',
    retry: 'after',
    cause: 'A defect of ours. The instance id finds it in the log.',
    mend: 'Report it with the instance id.',
  },
  'share-wrong': {
    status: 403,
    title: 'Not a share of this key holder',
    retry: 'no',
    cause: 'The share is not the one that the ceremony gave to this place: the file is damaged or was edited.',
    mend: 'Take the file as it was given out, or a copy of it; `ctl keys rehearse` proves a file without unsealing.',
  },
  'share-repeated': {
    status: 409,
    title: 'Share was already presented',
    retry: 'no',
    cause: 'This share already waits for the others; it counts once.',
    mend: 'Let another person present theirs; `ctl keys status` says how many are missing.',
  },
  'share-of-other-ceremony': {
    status: 409,
    title: 'Share is of another ceremony',
    retry: 'no',
    cause:
      'The share was made in another ceremony: of another key holder, from before a rekey, or of one that is not confirmed yet.',
    mend: 'Compare the ceremony in the file with `ctl keys status`, and take the file of that one.',
  },
  'keyholder-sealed': {
    status: 503,
    title: 'Key holder is sealed',
    retry: 'after',
    cause: 'The key holder was started or sealed, and not enough people have presented their shares since.',
    mend: 'Operators: `ctl keys status`, then each person runs `ctl keys unseal`. Others: retry with back-off.',
  },
  'service-unavailable': {
    status: 503,
    title: 'Service is not available',
    retry: 'after',
    cause: 'The process starts, stops, or cannot reach what it needs.',
    mend: 'Retry with back-off; /health/ready names what is down.',
  },
} as const satisfies Record<string, ProblemType>;

export type ProblemCode = keyof typeof problemTable;
export const problems: Readonly<Record<ProblemCode, ProblemType>> = problemTable;
export const problemCodes = Object.keys(problemTable) as readonly ProblemCode[];

/** Members beside type, title, status and instance that a problem may carry. */
export interface ProblemExtensions {
  /** Ours, never a library's words, never a value. */
  readonly detail?: string;
  readonly retryAfterMs?: number;
  /** 48 bytes, base64url: a reason only the client can open (`answer-refused` at redemption). */
  readonly sealedReason?: string;
}

/** Thrown by domain code; only platform/http knows what HTTP makes of it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly code: ProblemCode,
    readonly extensions: ProblemExtensions = {},
  ) {
    super(problems[code].title);
  }
}
