/** What the key holder writes into its log: counts and digests, enough to hold it to account and too little to tell about anybody. */
import type { RequestType, Side } from '#contracts';

/** Why a request was turned away without any consequence but a count. */
export type RefusalKind =
  | 'malformed'
  | 'unattested'
  | 'old-epoch'
  | 'old-policy'
  | 'other-ciphertext'
  | 'selector'
  | 'statement'
  | 'other-run'
  | 'over-budget'
  | 'request'
  | 'approval';

interface TreeCounts {
  readonly epoch: number;
  readonly side: Side;
  readonly root: string;
  readonly policyVersion: number;
  readonly tallies: number;
  readonly newPseudonyms: number;
  readonly witnesses: number;
}

/** What happens whether it is written or not: written in its own transaction. Digests are base64url. `day` is added by the log. */
export type AuditFact =
  | {
      readonly type: 'unsealed';
      readonly ceremony: string;
      readonly mode: 'shares' | 'auto';
      /** places of the shares that were presented, never a person */
      readonly shares: readonly number[];
    }
  /** people have named the last decided epoch of a generation; its opening is the first entry of its log */
  | { readonly type: 'named'; readonly generation: number; readonly lastDecided: number }
  /** an account asks for another holder key, and when it will count; of the handle, as the receipt has it */
  | {
      readonly type: 'key-replacement';
      readonly handle: string;
      readonly step: 'asked' | 'called-off' | 'replaced';
      readonly effectiveDay: number;
    }
  | { readonly type: 'sealed'; readonly by: string; readonly statement: string }
  | { readonly type: 'day-list'; readonly listDay: number; readonly digest: string }
  /** the registrar's keys that tickets are accepted of from now on, the newest first; older ones until the last day they were in a list */
  | {
      readonly type: 'ticket-keys';
      readonly keys: readonly { readonly kid: string; readonly digest: string; readonly lastDay?: number }[];
    }
  | ({ readonly type: 'waiting' } & TreeCounts)
  | { readonly type: 'frozen'; readonly epoch: number; readonly side: Side; readonly root: string; readonly fault: string }
  /** a version that is in force from now on: what later approvals are judged by */
  | { readonly type: 'people'; readonly version: number; readonly digest: string }
  | { readonly type: 'request'; readonly request: string; readonly kind: RequestType; readonly requester: string }
  | { readonly type: 'approval'; readonly request: string; readonly person: string }
  /** a secret of the scheme is in use from now on; `selectorKey` verifies what is made under it */
  | { readonly type: 'key-epoch'; readonly number: number; readonly selectorKey: string }
  | { readonly type: 'key-destroyed'; readonly number: number }
  /** counts about a shadow policy on the live tallies were made, and what they spent; the counts themselves are not here */
  | { readonly type: 'shadow'; readonly epoch: number; readonly side: Side; readonly version: number; readonly epsilon: number }
  | { readonly type: 'force'; readonly number: number }
  | {
      readonly type: 'release';
      readonly number: number;
      readonly suspended: number;
      readonly reinstated: number;
      readonly deleted: number;
    }
  | { readonly type: 'refused'; readonly counts: Readonly<Partial<Record<RefusalKind, number>>> };

/** What is written and cosigned before it happens. A later entry says that it was completed, or that it never happened. */
export type AuditAct =
  | { readonly type: 'policy'; readonly version: number; readonly digest: string }
  | ({ readonly type: 'decided' } & TreeCounts)
  /** the same about a shadow policy on tallies of its own: `policyVersion` is the shadow's */
  | ({ readonly type: 'shadow-tally'; readonly epsilon: number } & TreeCounts)
  | {
      readonly type: 'executed';
      /** digest of the request */
      readonly request: string;
      readonly kind: RequestType;
      readonly requester: string;
      readonly approvers: readonly string[];
      /** version of the registry of people that it was judged by */
      readonly people: number;
      /** of the pseudonym, where one is named; the salt is sealed for each auditor */
      readonly subject?: string;
      readonly salts?: readonly { readonly auditor: string; readonly sealed: string }[];
    }
  | { readonly type: 'act'; readonly statement: string };

/** @param of index of the announcement */
export interface AuditEnd {
  readonly type: 'completed' | 'abandoned';
  readonly of: number;
}

export type AuditBody = AuditFact | AuditAct | AuditEnd;
