/** How large the worlds are and how often everything is repeated, in full and with --quick. */
export interface Scale {
  readonly quick: boolean;
  /** Everything must be over by then. */
  readonly limitSeconds: number;
  /** Repetitions of what is timed; the median is the figure. */
  readonly runs: number;
  /** Redemptions of one run. */
  readonly mints: number;
  /** SETs of one run. */
  readonly sets: number;
  /** Accounts of the two large worlds; four pseudonyms each. */
  readonly worlds: readonly [small: number, large: number];
  /** Pseudonyms of the world whose CPU time is compared with the plain twin's. */
  readonly pipelinePseudonyms: number;
  /** Pairs of one fold. */
  readonly foldPairs: number;
  /** Selectors of one match. */
  readonly matched: number;
}

export const full: Scale = {
  quick: false,
  limitSeconds: 15 * 60,
  runs: 3,
  mints: 1_000,
  sets: 6_000,
  worlds: [10_000, 50_000],
  pipelinePseudonyms: 1_000,
  foldPairs: 12_000,
  matched: 5_120,
};

export const quick: Scale = {
  quick: true,
  limitSeconds: 3 * 60,
  runs: 3,
  mints: 320,
  sets: 2_000,
  worlds: [500, 2_500],
  pipelinePseudonyms: 240,
  foldPairs: 3_000,
  matched: 1_280,
};

/** The world that `tally_200k_pairs_s` and `correlator_peak_rss_mb` are about. */
export const namedWorld = { accounts: 50_000, pseudonymsPerAccount: 4 } as const;
