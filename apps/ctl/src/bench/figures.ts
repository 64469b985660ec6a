/**
 * The named figures of the benchmark, what each must reach, and the sentence that says what was measured. Pure; docs/benchmarks.md says
 * how. Every comparison is a ratio of figures of the same run, because machines swing by 1.4 within minutes.
 */

/** Least or most a figure may be; `timesSumOf` compares with others of the same run. */
export type Reach =
  | { readonly kind: 'at-least'; readonly limit: number }
  | { readonly kind: 'at-most'; readonly limit: number }
  | { readonly kind: 'at-most-times'; readonly factor: number; readonly sumOf: readonly FigureName[] };

export interface FigureSpec {
  readonly unit: string;
  readonly reaches: readonly Reach[];
  readonly what: string;
}

const atLeast = (limit: number): Reach => ({ kind: 'at-least', limit });
const atMost = (limit: number): Reach => ({ kind: 'at-most', limit });

const names = [
  'intake_sets_per_s',
  'pipeline_ratio_to_plain',
  'mint_per_s',
  'fold_us_per_pair',
  'seal_load_seeded_us',
  'pg_read_row_us',
  'tally_200k_pairs_s',
  'decide_us_per_ciphertext',
  'match_us_per_selector',
  'selector_bytes',
  'pseudonym_row_bytes',
  'correlator_peak_rss_mb',
  'signal_to_standing_s',
  'audit_append_ms',
  'audit_verify_100k_s',
  'unseal_ms',
  'approve_verify_us',
  'break_glass_ms',
  'sets_delivered_per_s',
  'poll_sets_per_s',
  'abuse_report_decode_us',
  'abuse_report_verify_us',
  'status_list_1m_publish_ms',
  'timing_link_advantage',
  'timing_link_advantage_no_delay',
  'timing_link_bayes_factor',
] as const;
export type FigureName = (typeof names)[number];
export const figureNames: readonly FigureName[] = names;

export const figureSpecs: Readonly<Record<FigureName, FigureSpec>> = {
  intake_sets_per_s: {
    unit: '1/s',
    reaches: [atLeast(1_000)],
    what: 'SETs answered 202 after their commit, 16 connections, Ed25519',
  },
  pipeline_ratio_to_plain: {
    unit: '',
    reaches: [atMost(2.5)],
    what: 'CPU time of all processes for one world, encrypted ÷ plain twin',
  },
  mint_per_s: { unit: '1/s', reaches: [atLeast(200)], what: 'redemptions answered 201 after their commit, 128 connections' },
  fold_us_per_pair: {
    unit: 'µs',
    reaches: [atMost(300), { kind: 'at-most-times', factor: 1.3, sumOf: ['seal_load_seeded_us', 'pg_read_row_us'] }],
    what: 'one fold thread, from the database to the summed ciphertexts, steady state',
  },
  seal_load_seeded_us: { unit: 'µs', reaches: [], what: 'SEAL loads one seeded selector: the floor of a fold' },
  pg_read_row_us: { unit: 'µs', reaches: [], what: 'one selector read from PostgreSQL, 128 at a time: the other floor' },
  tally_200k_pairs_s: {
    unit: 's',
    reaches: [atMost(60)],
    what: 'correlator, stored signals to signed root, nothing verified before, two threads',
  },
  decide_us_per_ciphertext: {
    unit: 'µs',
    reaches: [atMost(600)],
    what: 'key holder opens the sums of a decision: transfer, hash, load, checks, decrypt, decode, add up, two threads',
  },
  match_us_per_selector: {
    unit: 'µs',
    reaches: [atMost(700)],
    what: 'a match pass, database to key holder, one batch at a time',
  },
  selector_bytes: { unit: 'B', reaches: [atMost(16_700)], what: 'ciphertext, signature, id and numbers of one pseudonym' },
  pseudonym_row_bytes: { unit: 'B', reaches: [], what: 'all rows of one pseudonym on disk, with TOAST and indexes' },
  correlator_peak_rss_mb: { unit: 'MB', reaches: [atMost(700)], what: 'most memory the correlator held during that tally' },
  signal_to_standing_s: {
    unit: 's',
    reaches: [atMost(8)],
    what: 'last signal of a crossing to "suspended" at the registrar, epochs of 2 s',
  },
  audit_append_ms: {
    unit: 'ms',
    reaches: [atMost(15)],
    what: 'an entry of the log, from its announcement until it is on disk and a witness has cosigned it',
  },
  unseal_ms: {
    unit: 'ms',
    reaches: [],
    what: 'last share presented to a ready key holder: secrets opened, self-test, log and database',
  },
  audit_verify_100k_s: {
    unit: 's',
    reaches: [atMost(5)],
    what: "the key holder's log of 100,000 entries, read from files and verified, one thread",
  },
  approve_verify_us: {
    unit: 'µs',
    reaches: [],
    what: 'key holder checks one approval: request hashed, role and key found, signature verified',
  },
  break_glass_ms: {
    unit: 'ms',
    reaches: [atMost(100)],
    what: 'an approved break-glass, from the requester over nyms, key holder, log witness and registrar to the account',
  },
  sets_delivered_per_s: {
    unit: '1/s',
    reaches: [atLeast(500)],
    what: 'notices pushed to one hub and noted as delivered, Ed25519, signed once when queued',
  },
  poll_sets_per_s: {
    unit: '1/s',
    reaches: [atLeast(2_000)],
    what: 'notices given to one hub that polls and acknowledges 500 at a time',
  },
  abuse_report_decode_us: { unit: 'µs', reaches: [atMost(60)], what: 'the bytes of a MIMI AbuseReport with one frank, read' },
  abuse_report_verify_us: { unit: 'µs', reaches: [], what: 'the Ed25519 signature of one frank, checked' },
  status_list_1m_publish_ms: {
    unit: 'ms',
    reaches: [atMost(2_500)],
    what: 'nyms publishes the status lists of one million pseudonyms, from the database to signed bytes in it',
  },
  timing_link_advantage: {
    unit: '',
    reaches: [],
    what: 'two hubs link pseudonyms by when they end, default delays: true − false positive rate',
  },
  timing_link_advantage_no_delay: { unit: '', reaches: [], what: 'the same if all ended at once' },
  timing_link_bayes_factor: { unit: '', reaches: [], what: 'how much the two times say for one account, median of true pairs' },
};

/** @param valueOf other figures of this run. @returns undefined where a figure to compare with is missing. */
export function isReached(reach: Reach, value: number, valueOf: (name: FigureName) => number | undefined): boolean | undefined {
  if (reach.kind === 'at-least') return value >= reach.limit;
  if (reach.kind === 'at-most') return value <= reach.limit;
  const others = reach.sumOf.map(valueOf);
  return others.includes(undefined) ? undefined : value <= reach.factor * sum(others as number[]);
}

export function reachText(reach: Reach): string {
  if (reach.kind === 'at-least') return `≥ ${reach.limit.toLocaleString('en')}`;
  if (reach.kind === 'at-most') return `≤ ${reach.limit.toLocaleString('en')}`;
  return `≤ ${reach.factor} × (${reach.sumOf.join(' + ')})`;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
