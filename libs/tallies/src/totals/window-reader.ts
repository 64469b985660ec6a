/**
 * Reads a window from the database into its totals: manifests newest first, each checked against its own root while it is read.
 * What a token says is taken from the token itself, never from the columns beside it.
 */
import type { Manifest } from '#audit';
import { sameBytes, signalStatement, type PolicyDocument } from '#contracts';
import { decisionHashOf, readSet, setHashOf, SetRefused, type AbuseSignal } from '#signals';
import { ManifestRoot } from '../manifests/manifest.js';
import type {
  EarlierEntry,
  ManifestsRepository,
  SignedManifest,
  StoredEntry,
  StoredRuling,
} from '../manifests/manifests.repository.js';
import type { Objections } from '../manifests/objections.js';
import type { ObjectionsRepository } from '../manifests/objections.repository.js';
import { WindowTotals, windowStart, type SignalRuling, type WindowRules } from './window-totals.js';

/** The policies a process follows (`PolicyStore` is one). */
export interface KnownPolicies {
  byDigest(digest: Uint8Array): { readonly version: number; readonly document: PolicyDocument } | undefined;
}

/** Why a window cannot be totalled now. `altered`: a manifest's entries no longer give its root. */
export class WindowRefused extends Error {
  override readonly name = 'WindowRefused';
  constructor(
    readonly code: 'unknown-policy' | 'altered',
    readonly epoch: number,
  ) {
    super(`window refused: ${code} at epoch ${epoch}`);
  }
}

export interface ReadWindow {
  readonly totals: WindowTotals;
  /** SETs named by the window's manifests. */
  readonly signals: number;
  /** Those whose token is gone or is another one: they count for nobody. */
  readonly missing: number;
  /** That were heeded: of the window, and of earlier epochs whose signals a decision of the window speaks of. */
  readonly objections: Objections;
}

export interface WindowStores {
  readonly manifests: ManifestsRepository;
  readonly objections: ObjectionsRepository;
}

export interface WindowInput {
  readonly manifest: Manifest;
  readonly policies: KnownPolicies;
  readonly since: WindowRules['since'];
  /** Weighs in place of the manifest's own. What waits for a moderator is a matter of each manifest's policy all the same. */
  readonly weighedBy?: PolicyDocument;
  /** Throws for a manifest that is not the one this process has inspected. */
  readonly admit?: (manifest: SignedManifest) => void;
}

/** @returns document of the policy a manifest was closed under. @throws WindowRefused */
export function policyOf(policies: KnownPolicies, { policyDigest, epoch }: Manifest): PolicyDocument {
  const policy = policies.byDigest(policyDigest);
  if (!policy) throw new WindowRefused('unknown-policy', epoch);
  return policy.document;
}

/** @throws WindowRefused */
export async function readWindow({ manifests, objections: lists }: WindowStores, input: WindowInput): Promise<ReadWindow> {
  const { manifest, policies, since, weighedBy, admit } = input;
  const { epoch: last } = manifest;
  const live = policyOf(policies, manifest);
  const from = windowStart({ epoch: last, policy: live });
  const earlier = await manifests.ruledEarlier(from, last);
  const objections = await lists.between(from, last, epochsOf(earlier));
  const rules = { epoch: last, policy: weighedBy ?? live, objections, since };
  const totals = new WindowTotals(rules);
  const read = { signals: 0, missing: 0 };
  for (const one of await manifests.between(from, last)) {
    admit?.(one);
    const rulings = (await manifests.rulings(one.epoch)).flatMap((ruling) => rulingOf(ruling) ?? []);
    await totals.addEpoch({ epoch: one.epoch, policy: policyOf(policies, one), rulings, signals: pages(manifests, one, read) });
  }
  for (const epoch of epochsOf(earlier)) {
    const one = await manifests.find(epoch);
    if (!one) throw new WindowRefused('altered', epoch);
    admit?.(one);
    const signals = earlier.filter((entry) => entry.epoch === epoch).flatMap((entry) => signalOf(entry) ?? []);
    await totals.addEpoch({ epoch, policy: policyOf(policies, one), rulings: [], signals: [signals] });
  }
  return { totals, objections, ...read };
}

/** Newest first. */
const epochsOf = (earlier: readonly EarlierEntry[]): number[] =>
  [...new Set(earlier.map(({ epoch }) => epoch))].sort((a, b) => b - a);

async function* pages(
  manifests: ManifestsRepository,
  manifest: Manifest,
  read: { signals: number; missing: number },
): AsyncGenerator<AbuseSignal[], void, undefined> {
  const tree = new ManifestRoot();
  for await (const page of manifests.entries(manifest.epoch)) {
    for (const entry of page) tree.add(entry);
    const sets = page.filter(({ decisionHash }) => decisionHash === undefined);
    const signals = sets.flatMap((entry) => signalOf(entry) ?? []);
    read.signals += sets.length;
    read.missing += sets.length - signals.length;
    yield signals;
  }
  if (!sameBytes(tree.root(), manifest.root)) throw new WindowRefused('altered', manifest.epoch);
}

/** What the SET of an entry says; undefined when it is gone, or the stored token is not the one that the manifest names. */
export function signalOf({ hub, jti, setHash, token }: StoredEntry): AbuseSignal | undefined {
  if (token === null || !sameBytes(setHashOf(token), setHash)) return undefined;
  try {
    const signal = readSet(token);
    return signal.hub === hub && signal.jti === jti ? signal : undefined;
  } catch (error) {
    if (error instanceof SetRefused) return undefined;
    throw error;
  }
}

/** What a stored decision says; undefined when it is gone or is not the one that the manifest names. */
export function rulingOf({ hub, jti, decisionHash, body }: StoredRuling): SignalRuling | undefined {
  const statement = signalStatement.safeParse(body).data;
  if (!statement || statement.hub !== hub || statement.jti !== jti) return undefined;
  if (!sameBytes(decisionHashOf(statement), decisionHash)) return undefined;
  return { hub, jti, ruling: statement.type === 'release-signal' ? 'release' : 'reject', decisionHash };
}
