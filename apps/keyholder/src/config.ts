/** All that can be set of the key holder. Its own secrets are not here: they are files it makes itself in SECRETS_DIR. */
import { isParameterSetName, parameterSets } from '#he';
import {
  clockOffsetDays,
  defineConfig,
  filePath,
  int,
  logLevels,
  oneOf,
  optional,
  port,
  refusedInProduction,
  required,
  secretFile,
  text,
  tlsFiles,
  url,
} from '#platform';
import type { Environment } from '#platform';

const setNames = Object.keys(parameterSets).filter(isParameterSetName);

const made = {
  secretsDir: filePath(required, 'folder of the secrets that `init` makes, mode 0700'),
  unseal: refusedInProduction(
    oneOf(
      ['shares', 'auto'],
      'shares',
      'shares: people unseal it; auto: it does so itself from a file in that folder, for development',
    ),
    (mode) => (mode === 'auto' ? 'must be shares' : undefined),
  ),
  parameterSet: refusedInProduction(oneOf(setNames, 'n2048-q50-t20', 'named parameter set; chosen once, at `init`'), (name) =>
    parameterSets[name].kind === 'plain' ? 'must be an encrypted set' : undefined,
  ),
};
const served = {
  port: port(7403),
  host: text('127.0.0.1', 'address to listen on'),
  databaseUrl: url(required, "the key holder's own PostgreSQL cluster, role keyholder"),
  policyDir: filePath(required, 'folder of the approved policies and registries of people'),
  attestersFile: filePath(
    required,
    'JSON {correlators, witnesses: [{id, key}], needed}: whose attestations open a tally at first; later by approved request',
  ),
  peopleFile: filePath(required, 'JSON: the first registry of people; later ones come by approved request'),
  breakGlassPerDay: int(3, 'accounts that approved requests may name in a day', { max: 1_000 }),
  shadowBudget: int(10, 'ε that counts about shadow policies may spend in 30 days; then there are none', { min: 0, max: 1_000 }),
  shadowEpsilon: int(100, 'ε of one such report, in hundredths', { min: 1, max: 100_000 }),
  logWitnessesFile: filePath(required, 'JSON {needed, witnesses: [{vkey, url}]}: who cosigns the log'),
  auditDeadlineMs: int(2_000, 'longest wait for an entry of the log to be written and cosigned; then nothing happens', {
    min: 50,
    max: 60_000,
  }),
  ticketKeysFile: filePath(
    required,
    "JSON [{kid, key, lastDay}]: the registrar's ticket keys, newest first; lastDay: when an older one was last in use",
  ),
  cohortsPerBlock: int(8, 'cohorts opened at a time, at least', { min: 1, max: 1_024 }),
  cohortSlots: refusedInProduction(optional(int(required, 'for tests: slots used of each cohort', { min: 16 })), (slots) =>
    slots === undefined ? undefined : 'must be unset',
  ),
  ...tlsFiles,
  mintsPerMinute: int(30_000, 'budget: mints that nyms may ask for', { min: 1 }),
  renewalsPerMinute: int(30_000, 'budget: renewals that nyms may ask for', { min: 1 }),
  enrolmentsPerMinute: int(30_000, 'budget: accounts that the registrar may enrol', { min: 1 }),
  actsPerDay: int(10_000, "budget: moderators' statements that nyms may hand on", { min: 1 }),
  selectorsPerEpoch: int(50_000_000, 'budget: selectors that nyms may show within the `epochSeconds` of the policy', { min: 1 }),
  decisionsPerEpoch: int(1, 'budget: trees of each side that are opened within the `epochSeconds` of the policy', { min: 1 }),
  threads: int(2, 'worker threads that hold the secret', { min: 1, max: 64 }),
  clockOffsetDays,
  logLevel: oneOf(logLevels, 'info', 'least level that is written'),
};
const secrets = {
  sealKey: secretFile('32 bytes, base64url: opens the handles in tickets; shared with the registrar'),
  metricsToken: optional(secretFile('token for /metrics; open without one')),
};

export const config = defineConfig('KEYHOLDER', { settings: { ...made, ...served }, secrets });

/** `init` runs where nothing else is set up yet: it looks at these and at no other variable. */
const initSettings = defineConfig('KEYHOLDER', { settings: made });
const initKeys = ['NODE_ENV', 'KEYHOLDER_SECRETS_DIR', 'KEYHOLDER_UNSEAL', 'KEYHOLDER_PARAMETER_SET'];
export const readInitConfig = (env: Environment) =>
  initSettings.read(Object.fromEntries(initKeys.map((key) => [key, env[key]]))).settings;

type ReadConfig = ReturnType<typeof config.read>;
export type Settings = ReadConfig['settings'];
export type Secrets = ReadConfig['secrets'];
