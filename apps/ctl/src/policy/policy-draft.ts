/**
 * A draft of the next policy: a file that is edited, checked and promoted. Where there is no key holder to ask, the author's request and the
 * approvals gather in it too; any change of the document takes them away.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { approvedPolicy, policyDocument } from '#contracts';
import type { ApprovedPolicy, PolicyDocument } from '#contracts';
import type { Session } from '../command/session.js';
import { installedVersions, readPolicyFile } from '../stack/policy-files.js';
import { StackError } from '../stack/stack-error.js';

export type PolicyDraft = Pick<ApprovedPolicy, 'document'> | ApprovedPolicy;
const bareDraft = z.strictObject({ document: policyDocument });

export interface FileOption {
  readonly file?: string;
}
export const fileOption = ['--file <path>', 'the draft (default: policy-draft.json in the data folder)'] as const;

/** Where `--file` does not say otherwise. */
export const draftFile = (session: Session, given?: string): string =>
  given ? session.path(given) : path.join(session.dataDir, 'policy-draft.json');

export const isAskedFor = (draft: PolicyDraft): draft is ApprovedPolicy => 'request' in draft;

/** Draft for the version after `document`, or after a later one. */
export const nextDraft = (document: PolicyDocument, live: number = document.version): PolicyDraft => ({
  document: { ...document, version: live + 1 },
});

/** A changed document has to be asked for anew. Throws StackError when the change is no policy. */
export function changed({ document }: PolicyDraft, change: (document: PolicyDocument) => unknown): PolicyDraft {
  const parsed = policyDocument.safeParse(change(document));
  if (parsed.success) return { document: parsed.data };
  const [issue] = parsed.error.issues;
  throw new StackError(
    `that makes no policy (${issue?.path.join('.')}: ${issue?.message})`,
    'compare with docs/operator-guide.md',
  );
}

/** @param setting `negative.threshold=70`; the value is JSON, or text when it is not. Throws StackError for a name that is not there. */
export function set(document: PolicyDocument, setting: string): unknown {
  const [, path = '', raw = ''] = /^([\w.]+)=(.*)$/s.exec(setting) ?? [];
  const copy = structuredClone(document) as unknown as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() ?? '';
  let place: Record<string, unknown> | undefined = copy;
  for (const name of names) place = place?.[name] as Record<string, unknown> | undefined;
  const isOptional = names.length === 0 && Object.hasOwn(policyDocument.shape, last);
  if (typeof place !== 'object' || place === null || !(Object.hasOwn(place, last) || isOptional)) {
    throw new StackError(
      `${setting} names nothing of a policy`,
      'write it as in `ctl policy show --json`, e.g. negative.threshold=70',
    );
  }
  place[last] = value(raw);
  return copy;
}

function value(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}

export function readDraft(file: string): PolicyDraft {
  if (!existsSync(file)) throw new StackError(`there is no draft ${file}`, 'make one with `ctl policy draft`');
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new StackError(`${file} is not JSON`, 'mend it, or start again with `ctl policy draft --force`');
  }
  const isAsked = typeof content === 'object' && content !== null && 'request' in content;
  const parsed = (isAsked ? approvedPolicy : bareDraft).safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new StackError(
    `${file} does not fit at ${issue?.path.join('.')} (${issue?.message})`,
    'mend it, or start again with `ctl policy draft --force`',
  );
}

export const writeDraft = (file: string, draft: PolicyDraft): void =>
  writeFileSync(file, `${JSON.stringify(draft, undefined, 2)}\n`);

/** Throws StackError when nothing is installed. */
export function livePolicy(folder: string): ApprovedPolicy {
  const version = installedVersions(folder).at(-1);
  if (version === undefined)
    throw new StackError(
      `there is no policy in ${folder}`,
      'make one with `ctl policy draft --defaults <domain>` and `ctl policy promote --offline`',
    );
  return readPolicyFile(folder, version);
}
