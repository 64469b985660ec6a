/** A new registry of people, for the processes that cannot ask the key holder: the file that they check for themselves. */
import { approvedPeople } from '#contracts';
import type { RequestEntry } from '#contracts';
import type { Session } from '../command/session.js';
import { installedVersions, installPeopleFile } from '../stack/policy-files.js';
import { StackError } from '../stack/stack-error.js';

/** As it was typed, with the policy that is live now: later ones take the new people. */
export const nextRegistry = (document: unknown, { policyDir }: Pick<Session, 'policyDir'>): unknown =>
  typeof document === 'object' ? { ...document, afterPolicy: installedVersions(policyDir).at(-1) ?? 0 } : document;

/** @param entry carried out; what its people signed is the file. @throws StackError when the file is there */
export function installRegistry({ policyDir }: Pick<Session, 'policyDir'>, entry: RequestEntry): string {
  const { request, signature, approvals } = entry;
  const document = request.type === 'people' ? request.parameters.document : undefined;
  const parsed = approvedPeople.safeParse({ document, request, signature, approvals });
  if (!parsed.success)
    throw new StackError('that is no request for a registry of people', '`ctl requests` lists those there are');
  return installPeopleFile(policyDir, parsed.data);
}
