/**
 * What the log says of an act before it happens: who asked, who approved, and the digest that the signed request opens. A pseudonym stands in
 * it as a salted commitment, whose salt each auditor of the registry can open.
 */
import { randomBytes } from 'node:crypto';
import { sealAnswer } from '#approvals';
import { commitment } from '#audit';
import { fromBase64Url, toBase64Url } from '#contracts';
import type { ApprovalRequest, PersonEntry } from '#contracts';
import type { AuditAct } from '../audit/audit-body.js';

export interface Executed {
  readonly digest: string;
  readonly request: ApprovalRequest;
  readonly approvers: readonly string[];
  readonly people: number;
  /** of the pseudonym that is named, if one is */
  readonly uri: string | undefined;
  readonly auditors: readonly PersonEntry[];
}

export async function executedBody({ digest, request, approvers, people, uri, auditors }: Executed): Promise<AuditAct> {
  const { type: kind, requester } = request;
  const body = { type: 'executed' as const, request: digest, kind, requester, approvers, people };
  if (uri === undefined) return body;
  const salt = Uint8Array.from(randomBytes(32));
  const sealFor = async ({ id, sealTo }: PersonEntry) => ({
    auditor: id,
    sealed: await sealAnswer(fromBase64Url(sealTo), fromBase64Url(digest), { salt: toBase64Url(salt) }),
  });
  return { ...body, subject: toBase64Url(commitment(salt, uri)), salts: await Promise.all(auditors.map(sealFor)) };
}
