/** Signed policies as files: written whole (rename), never changed, one per version. */
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { signedPolicy } from '#contracts';
import type { SignedPolicy } from '#contracts';
import { StackError } from './stack-error.js';

const fileOf = (folder: string, version: number): string => path.join(folder, `policy-${version}.json`);

/** Throws StackError when this version is there already: an installed policy is never changed. */
export function installPolicyFile(folder: string, policy: SignedPolicy): string {
  mkdirSync(folder, { recursive: true });
  const { version } = policy.document;
  const file = fileOf(folder, version);
  const draft = path.join(folder, `.draft-${process.pid}-${version}`);
  writeFileSync(draft, `${JSON.stringify(policy, undefined, 2)}\n`);
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new StackError(`version ${version} is installed already`, 'raise `version` in the draft and sign it again');
  } finally {
    rmSync(draft, { force: true });
  }
  return file;
}

/** Versions in a folder, ascending; whether they may be followed is for the processes to say. */
export function installedVersions(folder: string): readonly number[] {
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    return []; // no folder, no policy
  }
  return names
    .flatMap((name) => /^policy-([1-9]\d*)\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** Throws StackError when it cannot be read as a signed policy. */
export function readPolicyFile(folder: string, version: number): SignedPolicy {
  return readSignedPolicy(fileOf(folder, version));
}

export function readSignedPolicy(file: string): SignedPolicy {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new StackError(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'not JSON'})`,
      'check the name, or install the policy again',
    );
  }
  const parsed = signedPolicy.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new StackError(
    `${file} is no signed policy (${issue?.path.join('.')}: ${issue?.message})`,
    'sign the draft with `ctl policy sign`',
  );
}
