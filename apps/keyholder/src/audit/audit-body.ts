/** What the key holder writes into its log: counts and digests, enough to hold it to account and too little to tell about anybody. */
import type { Side } from '#contracts';

/** Why a request was turned away without any consequence but a count. */
export type RefusalKind =
  'malformed' | 'unattested' | 'old-epoch' | 'old-policy' | 'other-ciphertext' | 'selector' | 'statement' | 'other-run';

/** Digests are base64url. `day` is added by the log. */
export type AuditBody =
  | { readonly type: 'policy'; readonly version: number; readonly digest: string }
  | { readonly type: 'day-list'; readonly listDay: number; readonly digest: string }
  | {
      readonly type: 'decided' | 'waiting';
      readonly epoch: number;
      readonly side: Side;
      readonly root: string;
      readonly policyVersion: number;
      readonly tallies: number;
      readonly newPseudonyms: number;
      readonly witnesses: number;
    }
  | { readonly type: 'frozen'; readonly epoch: number; readonly side: Side; readonly root: string; readonly fault: string }
  | { readonly type: 'unfrozen'; readonly by: string; readonly statement: string }
  | { readonly type: 'act'; readonly statement: string }
  | { readonly type: 'force'; readonly number: number }
  | { readonly type: 'release'; readonly number: number; readonly suspended: number; readonly reinstated: number }
  | { readonly type: 'refused'; readonly counts: Readonly<Partial<Record<RefusalKind, number>>> };
