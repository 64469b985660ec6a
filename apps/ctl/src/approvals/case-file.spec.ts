import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { digestOf, signRequest } from '#approvals';
import { commitment } from '#audit';
import type { AuditLeaf } from '#audit';
import { toBase64Url } from '#contracts';
import type { RequestEntry } from '#contracts';
import { demoPeopleDocument, passingPeople } from '../stack/demo-people.js';
import { judgeCase } from './case-file.js';
import type { CaseFile, Evidence } from './case-file.js';
import { newRequest } from './make-request.js';
import { readRegistry } from './shown-requests.js';

const everybody = await passingPeople();
const signers = Object.fromEntries(everybody.map((person) => [person.id, person]));
const people = demoPeopleDocument(everybody);
const uri = 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz';
const request = newRequest(
  'break-glass',
  { uri },
  { case: '2026-0042', reason: 'court order', expires: '24' },
  { requester: 'lead-1', people: readRegistry(people), now: new Date('2026-11-23T12:00:00Z') },
);
const entry: RequestEntry = {
  digest: digestOf(request),
  state: 'executed',
  request,
  signature: signRequest('request', request, signers['lead-1']!),
  approvals: ['lead-2', 'lead-3'].map((id) => signRequest('approval', request, signers[id]!)),
};
const file: CaseFile = { v: 1, people, entry };
const salt = Uint8Array.from(randomBytes(32));
const executed = {
  v: 1,
  index: 7,
  day: 20_780,
  type: 'executed',
  announced: true,
  request: entry.digest,
  kind: 'break-glass',
  requester: 'lead-1',
  approvers: ['lead-2', 'lead-3'],
  people: 1,
  subject: toBase64Url(commitment(salt, uri)),
  salts: [{ auditor: 'auditor-1', sealed: 'x' }],
} as unknown as AuditLeaf;
const completed = { v: 1, index: 8, day: 20_780, type: 'completed', of: 7 } as unknown as AuditLeaf;
const openSalt = async () => toBase64Url(salt);
const registry = readRegistry(people);
const named = { v: 1, index: 0, day: 20_780, type: 'people', version: 1, digest: registry.digest } as unknown as AuditLeaf;
const log = [named, executed, completed];
const heldDigest = registry.digest;
const judge = (of: CaseFile, leaves: readonly AuditLeaf[], more: Partial<Evidence> = {}) =>
  judgeCase(of, { logs: [leaves], heldDigest, ...more });
const verdict = async (...args: Parameters<typeof judge>) => (await judge(...args)).map(({ ok }) => ok);

describe('a case file', () => {
  it('holds with the log that has the act, once, by the same people, about the same pseudonym', async () => {
    expect(await judge(file, log, { openSalt })).toEqual([
      { ok: true, text: `registry version 1, ${registry.digest}, is the one that you hold and the log names` },
      { ok: true, text: 'lead-1 asked for it: break-glass, case 2026-0042' },
      { ok: true, text: 'lead-2 and lead-3 approved it; it takes 2' },
      { ok: true, text: 'it was carried out once, entry 7 of 2026-11-23' },
      { ok: true, text: 'the entry names the same requester, approvers and registry' },
      { ok: true, text: `the entry is about ${uri}` },
    ]);
  });

  it('does not hold with an approval too few, of another request, or by the requester', async () => {
    const [one] = entry.approvals;
    const own = signRequest('approval', request, signers['lead-1']!);
    for (const approvals of [[one!], [one!, one!], [one!, own]])
      expect(await verdict({ ...file, entry: { ...entry, approvals } }, log)).toEqual([true, true, false, true, false]);
  });

  it('does not hold when the request was changed afterwards', async () => {
    const changed = { ...entry, request: { ...request, reason: 'another reason' } };
    expect(await verdict({ ...file, entry: changed }, log)).toEqual([true, false, false, false]);
  });

  it('does not hold when the act is not in the log, was abandoned, or is there twice', async () => {
    const abandoned = { ...completed, type: 'abandoned' } as AuditLeaf;
    const again = [
      { ...executed, index: 9 },
      { ...completed, index: 10, of: 9 },
    ] as AuditLeaf[];
    const once = async (...leaves: AuditLeaf[]) => (await verdict(file, [named, ...leaves]))[3];
    expect(await once()).toBe(false);
    expect(await once(executed)).toBe(false);
    expect(await once(executed, abandoned)).toBe(false);
    expect(await once(executed, completed, ...again)).toBe(false);
    expect(await once(executed, abandoned, ...again)).toBe(true);
  });

  it('does not hold when the entry names others, another registry or another pseudonym', async () => {
    const others = { ...executed, approvers: ['lead-2', 'lead-9'] } as AuditLeaf;
    expect((await verdict(file, [named, others, completed]))[4]).toBe(false);
    expect((await verdict(file, [named, { ...executed, people: 2 } as AuditLeaf, completed]))[4]).toBe(false);
    const elsewhere = { ...executed, subject: toBase64Url(commitment(salt, `${uri}x`)) } as AuditLeaf;
    expect((await verdict(file, [named, elsewhere, completed], { openSalt }))[5]).toBe(false);
    expect((await verdict(file, log, { openSalt: async () => undefined }))[5]).toBe(false);
  });

  it('holds for an act of an earlier generation, in its own log', async () => {
    const later = [
      { v: 1, index: 0, day: 20_790, type: 'generation' },
      { ...completed, type: 'abandoned' },
    ] as AuditLeaf[];
    expect(await verdict(file, later, { logs: [later, log], openSalt })).toEqual([true, true, true, true, true, true]);
  });
});

describe('the registry of a case file', () => {
  /** The key holder made up everybody: names as they are known, keys of its own. */
  async function forged(): Promise<{ file: CaseFile; log: AuditLeaf[]; digest: string }> {
    const invented = await passingPeople();
    const document = demoPeopleDocument(invented);
    const of = (id: string) => invented.find((person) => person.id === id)!;
    const asked = newRequest(
      'break-glass',
      { uri },
      { case: '2026-0042', reason: 'court order', expires: '24' },
      { requester: 'lead-1', people: readRegistry(document), now: new Date('2026-11-23T12:00:00Z') },
    );
    const signed: RequestEntry = {
      digest: digestOf(asked),
      state: 'executed',
      request: asked,
      signature: signRequest('request', asked, of('lead-1')),
      approvals: ['lead-2', 'lead-3'].map((id) => signRequest('approval', asked, of(id))),
    };
    const { digest } = readRegistry(document);
    const act = { ...executed, request: signed.digest } as AuditLeaf;
    return { file: { v: 1, people: document, entry: signed }, log: [{ ...named, digest } as AuditLeaf, act, completed], digest };
  }
  const wrong = async (...args: Parameters<typeof judge>) => (await judge(...args)).flatMap(({ ok, text }) => (ok ? [] : [text]));

  it('must be the one that the auditor holds, whatever the log says', async () => {
    const made = await forged();
    expect(await wrong(made.file, made.log)).toEqual([`registry version 1, ${made.digest}, is not the one that you hold`]);
    expect(await wrong(file, log, { heldDigest: undefined })).toEqual([
      `registry version 1, ${registry.digest}, may be invented: say with --people-digest which one you hold`,
    ]);
  });

  it('must be the one that the log names, and no other beside it', async () => {
    const made = await forged();
    const words = `registry version 1, ${made.digest}, is not what the log names as this version`;
    const { heldDigest: held, log: leaves } = { heldDigest: made.digest, log: made.log };
    expect(await wrong(made.file, leaves, { heldDigest: held })).toEqual([]);
    expect(await wrong(made.file, leaves.slice(1), { heldDigest: held })).toEqual([words]);
    expect(await wrong(made.file, [named, ...leaves.slice(1)], { heldDigest: held })).toEqual([words]);
    expect(await wrong(made.file, [named, ...leaves], { heldDigest: held })).toEqual([words]);
  });

  it('is made by a case of its own, which says the digest of the next', async () => {
    const document = { ...people, version: 2, afterPolicy: 1 };
    const asked = newRequest(
      'people',
      { document },
      { case: 'staff-3', reason: 'a lead leaves', expires: '24' },
      { requester: 'lead-1', people: registry, now: new Date('2026-11-23T12:00:00Z') },
    );
    const change: RequestEntry = {
      digest: digestOf(asked),
      state: 'executed',
      request: asked,
      signature: signRequest('request', asked, signers['lead-1']!),
      approvals: ['lead-2', 'lead-3'].map((id) => signRequest('approval', asked, signers[id]!)),
    };
    const next = readRegistry(document);
    const act = { ...executed, request: change.digest, kind: 'people', subject: undefined, salts: undefined } as AuditLeaf;
    const second = { ...named, index: 8, version: 2, digest: next.digest } as AuditLeaf;
    const of: CaseFile = { v: 1, people, entry: change };
    const leaves = [named, act, { ...completed, index: 9 } as AuditLeaf];
    expect((await judge(of, [...leaves, second])).at(-1)).toEqual({
      ok: true,
      text: `registry version 2, ${next.digest}, came of it, as the log names it`,
    });
    const words = `registry version 2, ${next.digest}, is not what the log names as this version`;
    expect(await wrong(of, leaves)).toEqual([words]);
    expect(await wrong(of, [...leaves, { ...second, digest: registry.digest } as AuditLeaf])).toEqual([words]);
  });
});
