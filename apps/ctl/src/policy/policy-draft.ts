/** A draft of the next policy: a file that is edited, checked, signed and installed. It is a signed policy without signatures yet. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { policyDocument, signedPolicy } from '#contracts';
import type { PolicyDocument, SignedPolicy } from '#contracts';
import { installedVersions, readPolicyFile } from '../stack/policy-files.js';
import { StackError } from '../stack/stack-error.js';

/** Draft for the version after `document`. */
export const nextDraft = (document: PolicyDocument): SignedPolicy => ({
  document: { ...document, version: document.version + 1 },
  signatures: [],
});

/** A changed document needs new signatures. Throws StackError when the change is no policy. */
export function changed({ document }: SignedPolicy, change: (document: PolicyDocument) => unknown): SignedPolicy {
  const parsed = policyDocument.safeParse(change(document));
  if (parsed.success) return { document: parsed.data, signatures: [] };
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
  if (typeof place !== 'object' || place === null || !Object.hasOwn(place, last)) {
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

export function readDraft(file: string): SignedPolicy {
  if (!existsSync(file)) throw new StackError(`there is no draft ${file}`, 'make one with `ctl policy new`');
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new StackError(`${file} is not JSON`, 'mend it, or start again with `ctl policy new --force`');
  }
  const parsed = signedPolicy.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new StackError(
    `${file} does not fit at ${issue?.path.join('.')} (${issue?.message})`,
    'mend it, or start again with `ctl policy new --force`',
  );
}

export const writeDraft = (file: string, draft: SignedPolicy): void =>
  writeFileSync(file, `${JSON.stringify(draft, undefined, 2)}\n`);

/** Throws StackError when nothing is installed. */
export function livePolicy(folder: string): SignedPolicy {
  const version = installedVersions(folder).at(-1);
  if (version === undefined) throw new StackError(`there is no policy in ${folder}`, 'install one with `ctl policy install`');
  return readPolicyFile(folder, version);
}
