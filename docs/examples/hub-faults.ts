/** What can go wrong in hub.ts, and the mend, for whoever runs it: one line each, no stack. */
import {
  DeliveryFailed,
  SetRejected,
  StatusListRefused,
  StatusUnavailable,
  StreamRefused,
  StreamUnavailable,
  TokenUnavailable,
} from '#hub-sdk';

/** Found before anything was sent. */
export class Mendable extends Error {
  readonly mend: string;
  readonly exitCode: 1 | 2;

  constructor(message: string, mend: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.mend = mend;
    this.exitCode = exitCode;
  }
}

/** By `err` of the provider (RFC 8935 §2.4). */
const rejectionMends: Readonly<Record<string, string>> = {
  authentication_failed: 'check --key and --kid: the policy of the provider must hold this key for this hub',
  invalid_key: 'the policy of the provider has revoked this key: sign with another',
  invalid_issuer: 'check --hub: only hubs of the policy are heard, `npm run ctl -- hub list` shows them',
  invalid_audience: 'check --audience: `npm run ctl -- policy show` says who the provider is',
  access_denied: 'this hub is suspended: talk to the provider',
  invalid_request: 'the SET is malformed or too old: is the clock of this machine right?',
};

export function explain(error: unknown): { readonly lines: readonly string[]; readonly exitCode: 1 | 2 } {
  const told = (text: string, mend: string, exitCode: 1 | 2 = 1) => ({ lines: [`hub-example: ${text}`, `→ ${mend}`], exitCode });
  if (error instanceof Mendable) return told(error.message, error.mend, error.exitCode);
  if (isUsage(error)) return told(error.message, 'see --help', 2);
  if (error instanceof SetRejected)
    return told(error.message, rejectionMends[error.err] ?? 'is --nyms the address of nyms? see docs/hub-guide.md');
  if (error instanceof DeliveryFailed)
    return error.status === undefined
      ? told('nyms does not answer', 'is it up? `npm start -- --empty` shows its addresses; give that of nyms with --nyms')
      : told(error.message, 'nothing is lost and nothing counts twice: try again later');
  if (error instanceof TokenUnavailable)
    return told(
      `no access token: ${error.message}`,
      'check --tokens: `npm start -- --empty` shows the address of the issuer, add /token',
    );
  if (error instanceof StreamRefused || error instanceof StreamUnavailable)
    return told(`no stream: ${error.message}`, 'check --nyms and --audience, and that the hub is not suspended');
  if (error instanceof StatusUnavailable || error instanceof StatusListRefused)
    return told(`no answer that can be trusted: ${error.message}`, 'ask again later, and trust no other answer meanwhile');
  throw error;
}

const isUsage = (error: unknown): error is Error =>
  error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
