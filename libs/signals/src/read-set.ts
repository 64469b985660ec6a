/** What a stored SET says, without asking again whose it is: for who has verified it before, or goes by a witness's objections. Pure. */
import { readClaims } from './claims.js';
import { parseSet } from './compact-jws.js';
import type { AbuseSignal } from './signal.js';

/** @throws SetRefused for a token that could never have been verified */
export const readSet = (token: string): AbuseSignal => readClaims(parseSet(token).claims, undefined);
