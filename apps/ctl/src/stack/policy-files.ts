/** What lies in POLICY_DIR: approved policies and registries of people, written whole, never changed, one file per version. */
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PeopleChain } from '#approvals';
import { approvedPolicy } from '#contracts';
import type { ApprovedPeople, ApprovedPolicy } from '#contracts';
import { pinnedPeople, PolicyStore } from '#policy';
import { StackError } from './stack-error.js';

/** The first registry of a data folder, in its `config`. */
export const peopleFile = 'people.json';

const fileOf = (folder: string, version: number): string => path.join(folder, `policy-${version}.json`);

/** Throws StackError when this version is there already: an installed policy is never changed. */
export const installPolicyFile = (folder: string, policy: ApprovedPolicy): string =>
  install(folder, fileOf(folder, policy.document.version), policy, 'raise `version` in the draft and have it approved again');

/** Throws StackError when this version is there already. */
export const installPeopleFile = (folder: string, people: ApprovedPeople): string =>
  install(folder, path.join(folder, `people-${people.document.version}.json`), people, 'nothing is left to do');

function install(folder: string, file: string, content: unknown, mend: string): string {
  mkdirSync(folder, { recursive: true });
  const draft = path.join(folder, `.draft-${process.pid}-${path.basename(file)}`);
  writeFileSync(draft, `${JSON.stringify(content, undefined, 2)}\n`);
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new StackError(`${path.basename(file)} is installed already`, mend);
  } finally {
    rmSync(draft, { force: true });
  }
  return file;
}

/** Versions of the policy in a folder, ascending; whether they may be followed is for the processes to say. */
export function installedVersions(folder: string): readonly number[] {
  return versionsOf(folder, /^policy-([1-9]\d*)\.json$/);
}

/** Versions of the registry of people in a folder, ascending; the first is pinned elsewhere. */
export const installedPeople = (folder: string): readonly number[] => versionsOf(folder, /^people-([1-9]\d*)\.json$/);

function versionsOf(folder: string, name: RegExp): readonly number[] {
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    return []; // no folder, no policy
  }
  return names
    .flatMap((one) => name.exec(one)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** The pinned registry, and what the folder adds to it, checked. @throws Error in one line when the file does not fit */
export function peopleOf(file: string, folder: string): PeopleChain {
  const store = new PolicyStore({ folder, people: pinnedPeople(file), production: false });
  store.look();
  return store.people;
}

/** Throws StackError when it cannot be read as an approved policy. */
export function readPolicyFile(folder: string, version: number): ApprovedPolicy {
  const file = fileOf(folder, version);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new StackError(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'not JSON'})`,
      'check the name, or install the policy again',
    );
  }
  const parsed = approvedPolicy.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new StackError(
    `${file} is no approved policy (${issue?.path.join('.')}: ${issue?.message})`,
    'have the draft approved: `ctl policy promote`',
  );
}
