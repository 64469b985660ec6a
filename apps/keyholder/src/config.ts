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
  url,
} from '#platform';
import type { Environment } from '#platform';

const setNames = Object.keys(parameterSets).filter(isParameterSetName);

const made = {
  secretsDir: filePath(required, 'folder of the secrets that `init` makes, mode 0700'),
  parameterSet: refusedInProduction(oneOf(setNames, 'n2048-q50-t20', 'named parameter set; chosen once, at `init`'), (name) =>
    parameterSets[name].kind === 'plain' ? 'must be an encrypted set' : undefined,
  ),
};
const served = {
  port: port(7403),
  host: text('127.0.0.1', 'address to listen on'),
  databaseUrl: url(required, "the key holder's own PostgreSQL cluster, role keyholder"),
  policyDir: filePath(required, 'folder of the signed policies'),
  operatorsFile: filePath(required, 'JSON {quorum, operators: [{id, key}]}: who signs policies and unfreezes'),
  attestersFile: filePath(required, 'JSON {correlators, witnesses: [{id, key}], needed}: whose attestations open a tally'),
  ticketKeysFile: filePath(required, "JSON [{kid, key}]: the registrar's ticket keys, newest first"),
  cohortsPerBlock: int(8, 'cohorts opened at a time, at least', { min: 1, max: 1_024 }),
  cohortSlots: refusedInProduction(optional(int(required, 'for tests: slots used of each cohort', { min: 16 })), (slots) =>
    slots === undefined ? undefined : 'must be unset',
  ),
  threads: int(1, 'worker threads that hold the secret', { min: 1, max: 64 }),
  clockOffsetDays,
  logLevel: oneOf(logLevels, 'info', 'least level that is written'),
};
const secrets = {
  sealKey: secretFile('32 bytes, base64url: opens the handles in tickets; shared with the registrar'),
  registrarToken: secretFile('caller token of the registrar'),
  nymsToken: secretFile('caller token of nyms'),
  correlatorToken: secretFile('caller token of the correlator'),
  metricsToken: optional(secretFile('token for /metrics; open without one')),
};

export const config = defineConfig('KEYHOLDER', { settings: { ...made, ...served }, secrets });

/** `init` runs where nothing else is set up yet: it looks at these and at no other variable. */
const initSettings = defineConfig('KEYHOLDER', { settings: made });
const initKeys = ['NODE_ENV', 'KEYHOLDER_SECRETS_DIR', 'KEYHOLDER_PARAMETER_SET'];
export const readInitConfig = (env: Environment) =>
  initSettings.read(Object.fromEntries(initKeys.map((key) => [key, env[key]]))).settings;

type ReadConfig = ReturnType<typeof config.read>;
export type Settings = ReadConfig['settings'];
export type Secrets = ReadConfig['secrets'];
