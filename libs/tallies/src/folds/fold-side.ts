/**
 * One side of an epoch: chooses the selectors, folds cohort by cohort on the scheme's threads, and makes the header leaf and the root.
 * Leaves come out in their order whatever finishes first, so two machines that see the same rows get the same bytes.
 * Knows no key. Correlator and witness both call it; only the correlator keeps the ciphertexts.
 */
import type { Manifest } from '#audit';
import type { PolicyDocument } from '#contracts';
import { toText } from '../digest.js';
import { foldCohort, type FoldedCohort, type FoldTools, type Refusal, type Share } from './fold-cohort.js';
import { FoldMemory } from './fold-memory.js';
import { readAhead } from '../read-ahead.js';
import { treeRoot, type Tally, type TallyPolicy, type TreeHeader } from '../trees/leaf.js';
import type { Objections } from '../manifests/objections.js';
import { chooseSelectors, selectorPeriod, selectorsDigest, type SelectorHead } from '../selectors/selector-choice.js';
import type { SideTotals } from '../totals/side-totals.js';

export interface SideInput {
  readonly manifest: Manifest;
  /** What it weighs by: that of the manifest, or a shadow of it. */
  readonly policy: WeighingPolicy;
  readonly objections: Objections;
  readonly totals: SideTotals;
}

export interface WeighingPolicy {
  readonly kind: TallyPolicy;
  /** Of the document, 32 bytes. */
  readonly digest: Uint8Array;
  readonly document: PolicyDocument;
}

export interface FoldedSide {
  readonly header: TreeHeader;
  readonly tallies: readonly Tally[];
  readonly root: Uint8Array;
  /** Pairs of hub and pseudonym that were folded. */
  readonly pairs: number;
  /** Signals in these pairs that arrived since the last decision. */
  readonly newSignals: number;
  /** Selectors that count for nobody, by reason. */
  readonly refused: ReadonlyMap<Refusal, number>;
}

/** Takes each tally with its ciphertext, in leaf order. */
export type TallySink = (position: number, own: Tally, ciphertext: Uint8Array) => Promise<void> | void;

/** URIs whose heads are looked at together: all selectors of one pseudonym stand in one page. */
const urisAtOnce = 5_000;
/** Cohorts in work at a time; one more than the scheme has threads keeps them busy while the next is read and checked. */
export interface FoldOptions {
  readonly cohortsAtOnce: number;
}

export async function foldSide(
  tools: FoldTools,
  input: SideInput,
  { cohortsAtOnce }: FoldOptions,
  sink: TallySink,
): Promise<FoldedSide> {
  const totals = input.totals.byUri();
  const heads = await chosenHeads(tools, input, [...totals.keys()]);
  const cohorts = byCohort(heads.map((head) => ({ head, totals: totals.get(head.uri) ?? [] })));
  const hubs = [...new Set([...totals.values()].flatMap((own) => own.map(({ hub }) => hub)))].sort();
  const tallies: Tally[] = [];
  const folded: SelectorHead[] = [];
  const refused = new Map<Refusal, number>();
  const free = Array.from({ length: cohortsAtOnce }, () => new FoldMemory(tools.scheme.set.selectorBytes));
  const withMemory = async (fold: (own: FoldMemory) => Promise<FoldedCohort>): Promise<FoldedCohort> => {
    const own = free.pop() as FoldMemory; // as many as cohorts in work
    return fold(own).finally(() => free.push(own));
  };
  await inTurn(
    cohorts,
    cohortsAtOnce,
    (shares) => withMemory((own) => foldCohort(tools, shares, hubs, own)),
    async (cohort: FoldedCohort) => {
      for (const head of cohort.folded) folded.push(head);
      for (const reason of cohort.refused) refused.set(reason, (refused.get(reason) ?? 0) + 1);
      for (const { tally, ciphertext } of cohort.sums) {
        await sink(tallies.length, tally, ciphertext);
        tallies.push(tally);
      }
    },
  );
  const uris = new Set(folded.map(({ uri }) => uri));
  const isFolded = (uri: string) => uris.has(uri);
  const header = headerOf(tools, input, { folded, newPseudonyms: input.totals.newPseudonyms(isFolded), leaves: tallies.length });
  const pairs = tallies.reduce((sum, { pseudonyms }) => sum + pseudonyms, 0);
  return { header, tallies, root: treeRoot(header, tallies), pairs, newSignals: input.totals.newSignals(isFolded), refused };
}

async function chosenHeads(
  { selectors }: FoldTools,
  { policy, manifest: { closedDay } }: SideInput,
  uris: string[],
): Promise<SelectorHead[]> {
  const chosen: SelectorHead[] = [];
  const pages = readAhead(async (page) => {
    const own = uris.slice(page * urisAtOnce, (page + 1) * urisAtOnce);
    return own.length > 0 ? { own, stored: await selectors.heads(own, selectorPeriod(closedDay)) } : undefined;
  });
  for await (const { own, stored } of pages) {
    const heads = chooseSelectors(policy.document, closedDay, stored);
    for (const uri of own) {
      const head = heads.get(uri);
      if (head) chosen.push({ ...head, uri }); // the text that is there already: a window has hundreds of thousands
    }
  }
  return chosen;
}

/** Groups in leaf order: cohort, then key epoch. */
function byCohort(shares: readonly Share[]): Share[][] {
  const groups = new Map<string, Share[]>();
  for (const share of shares) {
    const key = `${share.head.cohort} ${share.head.keyEpoch}`;
    const group = groups.get(key);
    if (group) group.push(share);
    else groups.set(key, [share]);
  }
  const order = ([{ head: a }, { head: b }]: [Share, Share]) => a.cohort - b.cohort || a.keyEpoch - b.keyEpoch;
  return [...groups.values()].sort(([a], [b]) => order([a as Share, b as Share]));
}

function headerOf(
  tools: FoldTools,
  { manifest, policy, objections, totals }: SideInput,
  { folded, newPseudonyms, leaves }: { folded: readonly SelectorHead[]; newPseudonyms: number; leaves: number },
): TreeHeader {
  return {
    v: 1,
    epoch: manifest.epoch,
    side: totals.side,
    policy: policy.kind,
    parameterSet: tools.scheme.set.name,
    build: tools.scheme.buildId,
    policyDigest: toText(policy.digest),
    manifestRoot: toText(manifest.root),
    since: totals.since,
    newPseudonyms,
    objections: toText(objections.digest),
    selectors: toText(selectorsDigest(folded)),
    leaves,
  };
}

/** Works on several items at a time and hands on the results in the items' order. */
async function inTurn<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
  emit: (result: R) => Promise<void>,
): Promise<void> {
  const running: Promise<R>[] = [];
  try {
    for (const item of items) {
      const started = work(item);
      started.catch(() => undefined); // awaited below, in its turn
      running.push(started);
      if (running.length >= atOnce) await emit(await (running.shift() as Promise<R>));
    }
    while (running.length > 0) await emit(await (running.shift() as Promise<R>));
  } finally {
    await Promise.allSettled(running);
  }
}
