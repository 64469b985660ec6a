/**
 * A case file: the request as it was signed, the approvals, and the registry they are judged by. Together with an exported log it shows, to
 * whoever trusts nobody, who asked for an act and who approved it, and that the log said so before it happened. Pure.
 */
import { z } from 'zod';
import { digestOf, isRequestSignedBy, judgeApprovals } from '#approvals';
import { commitment } from '#audit';
import type { AuditLeaf } from '#audit';
import { fromBase64Url, isoDay, peopleDocument, requestEntry, toBase64Url } from '#contracts';
import { verify } from '#platform';
import { readRegistry } from './shown-requests.js';

export const caseFile = z.strictObject({ v: z.literal(1), people: peopleDocument, entry: requestEntry });
export type CaseFile = z.output<typeof caseFile>;

/** What an auditor's key opens in the log's entry: the salt of the subject. */
export type OpenSalt = (auditor: string, sealed: string) => Promise<string | undefined>;

export interface Finding {
  readonly ok: boolean;
  readonly text: string;
}

const found = (ok: boolean, text: string): Finding => ({ ok, text });

/** @param leaves of a log that was verified. @param openSalt of an auditor who is there; without one the subject is not looked at */
export async function judgeCase(file: CaseFile, leaves: readonly AuditLeaf[], openSalt?: OpenSalt): Promise<Finding[]> {
  const { request, signature, approvals } = file.entry;
  const people = readRegistry(file.people);
  const digest = digestOf(request);
  const alive = new Date(Date.parse(request.expiresAt) - 1_000);
  const { granted, approvers, needed, fault } = judgeApprovals(request, approvals, people, { now: alive, verify });
  const own = signature.person === request.requester && isRequestSignedBy('request', request, signature, people, verify);
  const executed = leaves.filter(({ type, request: of }) => type === 'executed' && of === digest);
  const ends = (leaf: AuditLeaf) => leaves.find(({ of }) => of === leaf.index)?.type;
  const done = executed.filter((leaf) => ends(leaf) === 'completed');
  const [leaf] = done;
  const findings = [
    found(own, `${request.requester} asked for it: ${request.type}, case ${request.case}`),
    found(
      granted,
      granted ? `${approvers.join(' and ')} approved it; it takes ${needed}` : `not enough approvals count (${fault ?? needed})`,
    ),
    found(
      done.length === 1,
      done.length === 1
        ? `it was carried out once, entry ${leaf!.index} of ${isoDay(leaf!.day)}`
        : `the log says that it was carried out ${done.length} times`,
    ),
  ];
  if (!leaf) return findings;
  const named = leaf['approvers'];
  const same = leaf['requester'] === request.requester && leaf['kind'] === request.type && leaf['people'] === people.version;
  const known = Array.isArray(named) && named.length >= needed && named.every((person) => approvers.includes(String(person)));
  findings.push(found(same && known, 'the entry names the same requester, approvers and registry'));
  if ('uri' in request.parameters && openSalt) findings.push(await subjectFinding(leaf, request.parameters.uri, openSalt));
  return findings;
}

async function subjectFinding(leaf: AuditLeaf, uri: string, openSalt: OpenSalt): Promise<Finding> {
  const salts = z.array(z.object({ auditor: z.string(), sealed: z.string() })).safeParse(leaf['salts']);
  for (const { auditor, sealed } of salts.success ? salts.data : []) {
    const salt = await openSalt(auditor, sealed);
    if (salt === undefined) continue;
    const opens = toBase64Url(commitment(fromBase64Url(salt), uri)) === leaf['subject'];
    return found(opens, opens ? `the entry is about ${uri}` : 'the entry is about another pseudonym than the request');
  }
  return found(false, 'the entry has no salt that you can open');
}
