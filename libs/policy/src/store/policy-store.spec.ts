import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SignedPolicy } from '#contracts';
import { PolicyRefused, refuseOlder } from './policy-refused.js';
import { PolicyStore } from './policy-store.js';
import { sampleOperators, samplePolicy } from '../sample.fixture.js';
import { policyDigest, signPolicy } from '../signing/signatures.js';

const { quorum, signers } = sampleOperators(3, 2);
const [first, second, third] = signers.map((signer) => signer);
const signed = (version: number, by = [first!, second!]) => signPolicy(samplePolicy({ version }), by);

let folder: string;
let refusals: PolicyRefused[];
let live: number[];
const store = () =>
  new PolicyStore({
    folder,
    operators: quorum,
    production: true,
    onLive: ({ version }) => live.push(version),
    onRefused: (refusal) => refusals.push(refusal),
  });
function install(version: number, content: SignedPolicy | string): void {
  const at = path.join(folder, `policy-${version}.json`);
  writeFileSync(`${at}.new`, typeof content === 'string' ? content : JSON.stringify(content));
  renameSync(`${at}.new`, at);
}
function reasonOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof PolicyRefused) return error.reason;
    throw error;
  }
  return 'followed';
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'policies-'));
  refusals = [];
  live = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the policies a process follows', () => {
  it('follows the highest signed version and still finds the earlier ones by digest', () => {
    install(1, signed(1));
    install(3, signed(3, [second!, third!]));
    const policies = store();
    policies.look();
    expect(policies.live().version).toBe(3);
    expect(policies.versions().map(({ version }) => version)).toEqual([1, 3]);
    expect(policies.byDigest(policyDigest(samplePolicy({ version: 1 })))?.version).toBe(1);
    expect(policies.byDigest(new Uint8Array(32))).toBeUndefined();
  });

  it('follows a version that is installed while it runs', () => {
    install(1, signed(1));
    const policies = store();
    policies.look();
    install(2, signed(2));
    policies.look();
    policies.look();
    expect(live).toEqual([1, 2]);
  });

  it('refuses a policy with too few signatures, or with one operator counted twice', () => {
    install(1, signed(1, [first!]));
    expect(reasonOf(() => store().open())).toBe('unsigned');
    install(1, signed(1, [first!, first!]));
    expect(reasonOf(() => store().open())).toBe('unsigned');
  });

  it('refuses signatures of keys that are not pinned', () => {
    const strangers = sampleOperators(3, 2);
    install(1, signPolicy(samplePolicy(), strangers.signers));
    expect(reasonOf(() => store().open())).toBe('unsigned');
  });

  it('refuses a document with one tampered byte', () => {
    const policy = signed(1);
    install(1, JSON.stringify(policy).replace('"threshold":40', '"threshold":41'));
    expect(reasonOf(() => store().open())).toBe('unsigned');
  });

  it('refuses a signed document that could overflow, and says why in words', () => {
    const document = samplePolicy({ capPerHubAndPseudonym: 400 });
    install(1, signPolicy(document, signers));
    expect(reasonOf(() => store().open())).toBe('bounds');
    expect(() => store().open()).toThrow(/policy-1\.json: .*sums could overflow/);
  });

  it('refuses text that is no JSON, another shape, and a file named after another version', () => {
    install(1, '{');
    expect(reasonOf(() => store().open())).toBe('unreadable');
    install(1, JSON.stringify({ document: { v: 1 }, signatures: [] }));
    expect(reasonOf(() => store().open())).toBe('malformed');
    install(1, signed(2));
    expect(reasonOf(() => store().open())).toBe('malformed');
  });

  it('refuses a policy for another parameter set than that of the keys', () => {
    install(1, signed(1));
    const options = { folder, operators: quorum, production: true };
    expect(reasonOf(() => new PolicyStore({ ...options, parameterSet: 'n4096-q60-t20' }).open())).toBe('bounds');
    expect(reasonOf(() => new PolicyStore({ ...options, parameterSet: 'n2048-q50-t20' }).open().close())).toBe('followed');
  });

  it('has no policy in an empty or missing folder', () => {
    expect(reasonOf(() => store().open())).toBe('none');
    expect(reasonOf(() => new PolicyStore({ folder: path.join(folder, 'no'), operators: quorum, production: true }).open())).toBe(
      'none',
    );
  });

  it('goes on with what it follows when a newer file is not fit, and says so once', () => {
    install(1, signed(1));
    const policies = store();
    policies.look();
    install(2, signed(2, [first!]));
    policies.look();
    policies.look();
    expect(policies.live().version).toBe(1);
    expect(refusals.map(({ reason, file }) => [reason, file])).toEqual([['unsigned', 'policy-2.json']]);
    install(2, signed(2));
    policies.look();
    expect(policies.live().version).toBe(2);
    expect(policies.refusals()).toEqual([]);
  });

  it('never lets a followed version change, even when the change is signed', () => {
    install(1, signed(1));
    const policies = store();
    policies.look();
    install(1, signPolicy(samplePolicy({ minPseudonyms: 21 }), signers));
    policies.look();
    expect(refusals.map(({ reason }) => reason)).toEqual(['changed']);
    expect(policies.live().document.minPseudonyms).toBe(20);
  });

  it('refuses a version older than the highest that was followed', () => {
    expect(reasonOf(() => refuseOlder(4, 5))).toBe('older');
    expect(reasonOf(() => refuseOlder(5, 5))).toBe('followed');
  });
});
