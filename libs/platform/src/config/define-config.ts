/**
 * One table per app says what may be configured (style.md §4). Read once in main.ts: wrong, missing and unknown keys are
 * reported together, by key and never by value; what production forbids is refused here, before anything starts.
 */
import { inspect } from 'node:util';
import { FieldError, required } from './field.js';
import type { Field } from './field.js';
import type { Secret } from './secret.js';

export type Environment = Readonly<Record<string, string | undefined>>;
type Fields = Readonly<Record<string, Field<unknown>>>;
type SecretFields = Readonly<Record<string, Field<Secret> | Field<Secret | undefined>>>;
type Values<F> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

export interface Config<S, P> {
  readonly settings: Values<S>;
  readonly secrets: Values<P>;
}

/** What `ctl doctor` prints and docs/config.md is made of. */
export interface ConfigRow {
  readonly key: string;
  readonly kind: string;
  readonly help: string;
  /** Shown form; `[secret]` for secrets, empty when unset. */
  readonly value: string;
  readonly source: 'environment' | 'default' | 'unset';
  readonly required: boolean;
  /** What is wrong with the value, in words without the value. */
  readonly problem?: string;
}

export interface ConfigDefinition<S, P> {
  readonly prefix: string;
  /** Throws ConfigError. */
  read(env: Environment): Config<S, P>;
  /** A row per key, and one per unknown key with our prefix; never throws. */
  describe(env: Environment): readonly ConfigRow[];
}

/** All that is wrong with a configuration; holds no value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    prefix: string,
    readonly problems: readonly { key: string; problem: string }[],
  ) {
    super(`${prefix.toLowerCase()} cannot start: ${problems.map(({ key, problem }) => `${key} ${problem}`).join('; ')}`);
  }
}

export function defineConfig<S extends Fields, P extends SecretFields = Record<never, never>>(
  prefix: string,
  spec: { readonly settings: S; readonly secrets?: P },
): ConfigDefinition<S, P> {
  const readAll = (env: Environment) => {
    const settings = readFields(prefix, spec.settings, env);
    const secrets = readFields(prefix, spec.secrets ?? {}, env);
    const rows = [...settings, ...secrets].map(({ row }) => row);
    return { settings, secrets, rows: [...rows, ...unknownRows(prefix, rows, env)] };
  };
  return {
    prefix,
    describe: (env) => readAll(env).rows,
    read(env) {
      const { settings, secrets, rows } = readAll(env);
      const problems = rows.flatMap(({ key, problem }) => (problem === undefined ? [] : [{ key, problem }]));
      if (problems.length > 0) throw new ConfigError(prefix, problems);
      return { settings: printable(settings) as Values<S>, secrets: printable(secrets) as Values<P> };
    },
  };
}

interface ReadField {
  readonly name: string;
  readonly value: unknown;
  readonly row: ConfigRow;
}

const readFields = (prefix: string, fields: Fields, env: Environment): ReadField[] =>
  Object.entries(fields).map(([name, field]) => {
    const key = field.key ?? `${prefix}_${upperSnake(name)}${field.suffix ?? ''}`;
    const { value, source, problem } = readField(field, env[key], env['NODE_ENV'] === 'production');
    const shown = value === undefined ? '' : field.show(value);
    const { kind, help } = field;
    const row = { key, kind, help, value: shown, source, required: field.fallback === required };
    return { name, value, row: problem === undefined ? row : { ...row, problem } };
  });

/** `answersPerDay` → `ANSWERS_PER_DAY` */
const upperSnake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();

type Reading = { value?: unknown; source: ConfigRow['source']; problem?: string };

/** An empty variable counts as unset: that is how shells and compose files unset one. */
function readField(field: Field<unknown>, raw: string | undefined, production: boolean): Reading {
  const given = raw !== undefined && raw !== '';
  if (!given && field.fallback === required) return { source: 'unset', problem: 'is required' };
  const source = given ? 'environment' : field.fallback === undefined ? 'unset' : 'default';
  try {
    const value = given ? field.parse(raw) : field.fallback;
    const refusal = production ? field.refuseInProduction?.(value) : undefined;
    return refusal === undefined ? { value, source } : { value, source, problem: `${refusal} in production` };
  } catch (error) {
    if (error instanceof FieldError) return { source, problem: error.message };
    throw error;
  }
}

function unknownRows(prefix: string, rows: readonly ConfigRow[], env: Environment): ConfigRow[] {
  const known = new Set(rows.map(({ key }) => key));
  const unknown = Object.keys(env).filter((key) => key.startsWith(`${prefix}_`) && env[key] !== undefined && !known.has(key));
  return unknown.map((key) => {
    const problem = known.has(`${key}_FILE`) ? `is a secret: put it into a file and set ${key}_FILE` : 'is not a setting';
    return { key, kind: 'unknown', help: '', value: '', source: 'environment', required: false, problem };
  });
}

/** The values, with a printed form that hides passwords even when someone logs the whole object. */
function printable(fields: readonly ReadField[]): object {
  const values = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  const shown = () => Object.fromEntries(fields.map(({ name, row }) => [name, row.value]));
  for (const method of ['toJSON', inspect.custom]) Object.defineProperty(values, method, { value: shown, enumerable: false });
  return Object.freeze(values);
}
