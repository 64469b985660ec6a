/**
 * Trees as correlator and witness make them, folded by the scheme of the test's parameter set. The totals are the test's own; weighing is
 * tested elsewhere.
 */
import { createHash, randomBytes } from 'node:crypto';
import { canonicalBytes, toBase64Url, type HubEntry, type PolicyDocument, type Side } from '#contracts';
import type { EvaluationScheme, FoldTerm } from '#he';
import type { SigningKey } from '#platform';
import { policyDigest } from '#policy';
import type { Selector } from '#pseudonyms';
import {
  attestationMessage,
  compareTallies,
  treeRoot,
  type DecisionHeader,
  type Tally,
  type TallyPolicy,
  type TreeHeader,
} from '#tallies';
import type { Redemption } from './keyholder-minting-world.js';

export const hubId = (i: number) => `https://hub-${i}.example`;
export const hubs = (count: number): HubEntry[] =>
  Array.from({ length: count }, (_, i) => ({
    id: hubId(i),
    operator: `operator-${i}`,
    trust: 100,
    since: '2025-01-01',
    status: 'active',
    keys: [],
    revokedKids: [],
    jwksUrl: `${hubId(i)}/jwks`,
  }));

export interface Pseudonym {
  readonly selector: Selector;
  readonly redemption: Redemption;
}

/** So much about a pseudonym at a hub, in weight units × decay.scale. */
export interface Report {
  readonly pseudonym: Pseudonym;
  readonly hub: number;
  readonly total: number;
}

export interface TreeOptions {
  readonly side?: Side;
  readonly policy?: TallyPolicy;
  readonly since?: number;
  readonly newPseudonyms?: number;
  readonly change?: (header: TreeHeader, tallies: Tally[], ciphertexts: Uint8Array[]) => void;
}

export interface Tree {
  readonly header: TreeHeader;
  readonly tallies: Tally[];
  readonly ciphertexts: Uint8Array[];
}

const sha256 = (bytes: Uint8Array) => toBase64Url(createHash('sha256').update(bytes).digest());

export async function makeTree(
  scheme: EvaluationScheme,
  document: PolicyDocument,
  epoch: number,
  reports: readonly Report[],
  options: TreeOptions = {},
): Promise<Tree> {
  const { side = 'negative', policy = 'live', since = epoch - 1, newPseudonyms = 20, change } = options;
  const tallies: Tally[] = [];
  const ciphertexts = new Map<Tally, Uint8Array>();
  for (const cohort of new Set(reports.map(({ pseudonym }) => pseudonym.selector.cohort))) {
    const own = reports.filter(({ pseudonym }) => pseudonym.selector.cohort === cohort);
    for (const [hub, bytes] of await fold(scheme, own)) {
      const totals = own.filter((report) => report.hub === hub).map(({ total }) => total);
      const tally: Tally = {
        cohort,
        keyEpoch: own[0]!.pseudonym.selector.keyEpoch,
        hub: hubId(hub),
        pseudonyms: totals.length,
        weightSum: totals.reduce((sum, total) => sum + total, 0),
        squareSum: totals.reduce((sum, total) => sum + total ** 2, 0),
        ciphertext: sha256(bytes),
      };
      tallies.push(tally);
      ciphertexts.set(tally, bytes);
    }
  }
  tallies.sort(compareTallies);
  const digest = sha256(randomBytes(8));
  const header: TreeHeader = {
    v: 1,
    epoch,
    side,
    policy,
    parameterSet: document.parameterSet,
    build: scheme.buildId,
    policyDigest: toBase64Url(policyDigest(document)),
    manifestRoot: digest,
    since,
    newPseudonyms,
    objections: digest,
    selectors: digest,
    leaves: tallies.length,
  };
  const made = tallies.map((tally) => ciphertexts.get(tally) as Uint8Array);
  change?.(header, tallies, made);
  return { header: { ...header, leaves: tallies.length }, tallies, ciphertexts: made };
}

export interface Attesting {
  readonly correlator: SigningKey;
  readonly witnesses: Readonly<Record<string, SigningKey>>;
}

export function attestTree({ header, tallies }: Tree, { correlator, witnesses }: Attesting): DecisionHeader {
  const message = attestationMessage(header, treeRoot(header, tallies));
  const signature = (key: SigningKey) => toBase64Url(key.sign(message));
  return {
    header,
    tallies,
    correlator: { id: 'correlator-1', signature: signature(correlator) },
    witnesses: Object.entries(witnesses).map(([id, key]) => ({ id, signature: signature(key) })),
  };
}

/** Body of `POST /v1/decisions`. */
export function decisionBody(header: DecisionHeader, ciphertexts: readonly Uint8Array[]): Buffer {
  const json = canonicalBytes(header);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, ...ciphertexts]);
}

async function fold(scheme: EvaluationScheme, reports: readonly Report[]): Promise<Map<number, Uint8Array>> {
  const selectors = [...new Set(reports.map(({ pseudonym }) => pseudonym.selector))];
  const terms = selectors.map((selector): FoldTerm[] =>
    reports.filter(({ pseudonym }) => pseudonym.selector === selector).map(({ hub, total }) => ({ hub, weight: total })),
  );
  const fold = await scheme.openFold();
  await fold.add({ selectors: new Uint8Array(Buffer.concat(selectors.map(({ bytes }) => bytes))), terms });
  return fold.finish();
}

/** Every pseudonym reported at `hubs` hubs with `total` each. */
export const reportAll = (pseudonyms: readonly Pseudonym[], reporting: readonly number[], total: number): Report[] =>
  pseudonyms.flatMap((pseudonym) => reporting.map((hub) => ({ pseudonym, hub, total })));
