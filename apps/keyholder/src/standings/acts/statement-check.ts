/** Is a statement signed by somebody who may make it: a moderator of the live policy, or an operator for a reinstatement? Pure. */
import { createHash } from 'node:crypto';
import type { People } from '#approvals';
import { bytesOf, canonicalBytes, frame, labels, type ActStatement, type PolicyDocument, type Statement } from '#contracts';
import { isSignedBy } from '#platform';

/** H(canonical bytes), 32 bytes: what receipts and the log say of a statement. */
export const statementDigest = (statement: Statement): Uint8Array =>
  new Uint8Array(createHash('sha256').update(canonicalBytes(statement)).digest());

export function isStatementBy(key: Uint8Array, statement: Statement, signature: string): boolean {
  return isSignedBy(key, frame(labels.statement, canonicalBytes(statement)), signature);
}

/** By any of the keys of a person who is an operator. @param signature base64url */
export const isOperatorsStatement = (people: People, statement: Statement, signature: string): boolean =>
  people.keysFor(statement.by, 'operator').some((key) => isStatementBy(key, statement, signature));

/** @param signature base64url */
export function mayAct(statement: ActStatement, signature: string, policy: PolicyDocument, people: People): boolean {
  const moderator = policy.moderators.find(({ id }) => id === statement.by);
  if (moderator && isStatementBy(bytesOf(32).parse(moderator.key), statement, signature)) return true;
  return statement.type === 'reinstate' && isOperatorsStatement(people, statement, signature);
}
