import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { digestOf, signRequest } from '#approvals';
import { commitment } from '#audit';
import type { AuditLeaf } from '#audit';
import { toBase64Url } from '#contracts';
import type { RequestEntry } from '#contracts';
import { demoPeopleDocument, passingPeople } from '../stack/demo-people.js';
import { judgeCase } from './case-file.js';
import type { CaseFile } from './case-file.js';
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
const verdict = async (...args: Parameters<typeof judgeCase>) => (await judgeCase(...args)).map(({ ok }) => ok);

describe('a case file', () => {
  it('holds with the log that has the act, once, by the same people, about the same pseudonym', async () => {
    expect(await judgeCase(file, [executed, completed], openSalt)).toEqual([
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
      expect(await verdict({ ...file, entry: { ...entry, approvals } }, [executed, completed])).toEqual([
        true,
        false,
        true,
        false,
      ]);
  });

  it('does not hold when the request was changed afterwards', async () => {
    const changed = { ...entry, request: { ...request, reason: 'another reason' } };
    expect(await verdict({ ...file, entry: changed }, [executed, completed])).toEqual([false, false, false]);
  });

  it('does not hold when the act is not in the log, was abandoned, or is there twice', async () => {
    const abandoned = { ...completed, type: 'abandoned' } as AuditLeaf;
    const again = [
      { ...executed, index: 9 },
      { ...completed, index: 10, of: 9 },
    ] as AuditLeaf[];
    expect((await verdict(file, []))[2]).toBe(false);
    expect((await verdict(file, [executed, abandoned]))[2]).toBe(false);
    expect((await verdict(file, [executed, completed, ...again]))[2]).toBe(false);
    expect((await verdict(file, [executed, abandoned, ...again]))[2]).toBe(true);
  });

  it('does not hold when the entry names others, another registry or another pseudonym', async () => {
    const others = { ...executed, approvers: ['lead-2', 'lead-9'] } as AuditLeaf;
    expect((await verdict(file, [others, completed]))[3]).toBe(false);
    expect((await verdict(file, [{ ...executed, people: 2 } as AuditLeaf, completed]))[3]).toBe(false);
    const elsewhere = { ...executed, subject: toBase64Url(commitment(salt, `${uri}x`)) } as AuditLeaf;
    expect((await verdict(file, [elsewhere, completed], openSalt))[4]).toBe(false);
    expect((await verdict(file, [executed, completed], async () => undefined))[4]).toBe(false);
  });
});
