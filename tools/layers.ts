/** Who may import whom, and who may touch what (architecture.md, "Layout"). A lib that is not here may not exist yet. */

/** Lower tiers only; tier-2 libs do not import each other, except that tallies stands on top of them. */
const below = {
  0: [] as string[],
  1: ['contracts'],
  2: ['contracts', 'approvals', 'he', 'tickets', 'audit', 'mimi', 'platform', 'hub-sdk', 'client-sdk'],
};

export const mayImport: Readonly<Record<string, readonly string[]>> = {
  contracts: below[0],
  approvals: below[1],
  he: below[1],
  tickets: below[1],
  audit: below[1],
  mimi: below[1],
  platform: below[1],
  'hub-sdk': [...below[1], 'audit', 'mimi'],
  'client-sdk': [...below[1], 'tickets'],
  policy: below[2],
  pseudonyms: below[2],
  signals: below[2],
  cases: below[2],
  tallies: [...below[2], 'policy', 'pseudonyms', 'signals'],
};
export const libs = Object.keys(mayImport);

export const apps = ['registrar', 'nyms', 'correlator', 'witness', 'keyholder', 'ctl', 'hub'];

/** The account side imports nothing of the pseudonym side, and the other way round nothing is shared but contracts and tools. */
export const notForApp: Readonly<Record<string, readonly string[]>> = {
  registrar: ['he', 'mimi', 'pseudonyms', 'signals', 'cases', 'tallies'],
  nyms: ['he', 'tallies'],
  // a program of somebody else's: nothing of ours but what anybody can install, and what a process stands on
  hub: ['he', 'tickets', 'audit', 'mimi', 'approvals', 'policy', 'pseudonyms', 'signals', 'tallies', 'client-sdk'],
};

/** Which folders may use a database's client at all; within them, only their `*.repository.ts`. */
export const databaseOwners: Readonly<Record<string, readonly string[]>> = {
  '#db/registrar': ['apps/registrar', 'apps/ctl'],
  '#db/keyholder': ['apps/keyholder', 'apps/ctl'],
  '#db/nyms': [
    'libs/policy',
    'libs/pseudonyms',
    'libs/signals',
    'libs/tallies',
    'apps/nyms',
    'apps/correlator',
    'apps/witness',
    'apps/ctl',
  ],
};

export const secretKeyFolder = 'apps/keyholder/src/secret-key/';
export const sealFolders = ['libs/he/', secretKeyFolder];
/** Assembled, so that a search for the words finds no file of ours outside the one folder. */
export const secretWords = [
  ['Secret', 'Key'],
  ['Decry', 'ptor'],
  ['Key', 'Generator'],
].map((parts) => parts.join(''));

/** Where `process.env` may be read. */
export const readsEnvironment = (file: string): boolean =>
  /^apps\/[^/]+\/src\/(config|main)\.ts$/.test(file) || file.startsWith('libs/platform/src/config/');

/** Where an import may be computed, and why. */
export const computedImports: Readonly<Record<string, string>> = {
  'apps/ctl/src/doctor/doctor-commands.ts': 'reads the settings tables of the built apps',
};
