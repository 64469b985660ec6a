/**
 * A case file: the request as it was signed, the approvals, and the registry they are judged by. Together with an exported log it shows, to
 * whoever trusts nobody, who asked for an act and who approved it, and that the log said so before it happened. It all hangs on the registry,
 * which a key holder that lies could invent: so that is compared with the log, and with the digest that the auditor has from elsewhere. Pure.
 */
import { z } from 'zod';
import { digestOf, isRequestSignedBy, judgeApprovals } from '#approvals';
import type { People } from '#approvals';
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

export interface Evidence {
  /** Leaves of a log that was verified, those of each generation by themselves. */
  readonly logs: readonly (readonly AuditLeaf[])[];
  /** Digest of the registry, from whoever appointed its people, or from the case that made it. */
  readonly heldDigest?: string | undefined;
  /** Of an auditor who is there; without one the subject is not looked at. */
  readonly openSalt?: OpenSalt | undefined;
}

const found = (ok: boolean, text: string): Finding => ({ ok, text });

export async function judgeCase(file: CaseFile, { logs, heldDigest, openSalt }: Evidence): Promise<Finding[]> {
  const { request, signature, approvals } = file.entry;
  const people = readRegistry(file.people);
  const digest = digestOf(request);
  const alive = new Date(Date.parse(request.expiresAt) - 1_000);
  const { granted, approvers, needed, fault } = judgeApprovals(request, approvals, people, { now: alive, verify });
  const own = signature.person === request.requester && isRequestSignedBy('request', request, signature, people, verify);
  const done = logs.flatMap((leaves) => carriedOut(leaves, digest));
  const [leaf] = done;
  const findings = [
    registryFinding(people, logs, heldDigest),
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
  if (request.type === 'people') findings.push(successorFinding(readRegistry(request.parameters.document), logs));
  if ('uri' in request.parameters && openSalt) findings.push(await subjectFinding(leaf, request.parameters.uri, openSalt));
  return findings;
}

function carriedOut(leaves: readonly AuditLeaf[], digest: string): AuditLeaf[] {
  const executed = leaves.filter(({ type, request }) => type === 'executed' && request === digest);
  return executed.filter(({ index }) => leaves.find(({ of }) => of === index)?.type === 'completed');
}

function registryFinding(people: People, logs: Evidence['logs'], heldDigest: string | undefined): Finding {
  const what = `registry version ${people.version}, ${people.digest},`;
  if (heldDigest === undefined) return found(false, `${what} may be invented: say with --people-digest which one you hold`);
  if (heldDigest !== people.digest) return found(false, `${what} is not the one that you hold`);
  return isLogged(people, logs)
    ? found(true, `${what} is the one that you hold and the log names`)
    : found(false, unlogged(what));
}

/** What those approve who come after. */
function successorFinding(next: People, logs: Evidence['logs']): Finding {
  const what = `registry version ${next.version}, ${next.digest},`;
  return isLogged(next, logs) ? found(true, `${what} came of it, as the log names it`) : found(false, unlogged(what));
}

const unlogged = (what: string): string => `${what} is not what the log names as this version`;

/** Every entry about the version names this very registry, and there is one. */
function isLogged({ version, digest }: People, logs: Evidence['logs']): boolean {
  const named = logs.flat().filter((leaf) => leaf.type === 'people' && leaf['version'] === version);
  return named.length > 0 && named.every((leaf) => leaf['digest'] === digest);
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
