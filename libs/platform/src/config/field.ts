/**
 * Typed settings, described once: the same field parses the environment, prints in `ctl doctor` and makes a row of docs/config.md.
 * A parser throws words about the rule, never the value it saw.
 */
/** In place of a default: the process does not start without a value. */
export const required: unique symbol = Symbol('required');

export interface Field<T> {
  /** What kind of value, for people: `port`, `whole number`, `one of a, b`. */
  readonly kind: string;
  readonly help: string;
  /** The whole variable name, where it is not prefix and field name. */
  readonly key?: string;
  /** Added to the variable's name (`_FILE` for secrets). */
  readonly suffix?: string;
  readonly fallback: T | typeof required;
  /** Throws FieldError with words that follow the key. */
  parse(raw: string): T;
  show(value: T): string;
  /** Words why this value may not run in production, or undefined. */
  refuseInProduction?(value: T): string | undefined;
}

/** Words about a rule that a value broke; carries no value. */
export class FieldError extends Error {}

const field = <T>(
  kind: string,
  fallback: T | typeof required,
  help: string,
  parse: (raw: string) => T,
  show?: (value: T) => string,
): Field<T> => ({
  kind,
  fallback,
  help,
  parse,
  show: show ?? String,
});

/** Bounds are inclusive. */
export function int(
  fallback: number | typeof required,
  help: string,
  bounds: { min?: number; max?: number } = {},
): Field<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = bounds;
  return field('whole number', fallback, help, (raw) => {
    const value = /^-?\d+$/.test(raw) ? Number(raw) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < min || value > max) {
      throw new FieldError(
        max === Number.MAX_SAFE_INTEGER
          ? `must be a whole number of at least ${min}`
          : `must be a whole number from ${min} to ${max}`,
      );
    }
    return value;
  });
}

/** 0 lets the operating system choose. */
export const port = (fallback: number | typeof required, help = 'port to listen on'): Field<number> => ({
  ...int(fallback, help, { max: 65_535 }),
  kind: 'port',
});

export const bool = (fallback: boolean | typeof required, help: string): Field<boolean> =>
  field('true or false', fallback, help, (raw) => {
    if (raw === 'true' || raw === '1') return true;
    if (raw === 'false' || raw === '0') return false;
    throw new FieldError('must be true or false');
  });

export const text = (fallback: string | typeof required, help: string): Field<string> =>
  field('text', fallback, help, (raw) => raw);

/** A relative path counts from the working directory. */
export const filePath = (fallback: string | typeof required, help: string): Field<string> =>
  field('path', fallback, help, (raw) => raw);

/** Kept as given; a password inside is never shown. */
export const url = (fallback: string | typeof required, help: string): Field<string> =>
  field(
    'URL',
    fallback,
    help,
    (raw) => {
      if (!URL.canParse(raw)) throw new FieldError('must be an absolute URL');
      return raw;
    },
    withoutPassword,
  );

export function oneOf<const T extends string>(choices: readonly T[], fallback: T | typeof required, help: string): Field<T> {
  const kind = `one of ${choices.join(', ')}`;
  return field(kind, fallback, help, (raw) => {
    const choice = choices.find((known) => known === raw);
    if (choice === undefined) throw new FieldError(`must be ${kind}`);
    return choice;
  });
}

/** Comma-separated; blanks around items and empty items fall away. */
export const list = (fallback: readonly string[] | typeof required, help: string): Field<readonly string[]> =>
  field(
    'comma-separated list',
    fallback,
    help,
    (raw) => raw.split(',').flatMap((item) => item.trim() || []),
    (items) => items.join(','),
  );

/** Unset is allowed and gives undefined. */
export const optional = <T>(inner: Field<T>): Field<T | undefined> => ({
  ...inner,
  fallback: undefined,
  show: (value) => (value === undefined ? '' : inner.show(value)),
  ...(inner.refuseInProduction && {
    refuseInProduction: (value) => (value === undefined ? undefined : inner.refuseInProduction?.(value)),
  }),
});

/** Under a name of its own instead of prefix and field name, for what several processes share (`REDIS_URL`). */
export const named = <T>(key: string, inner: Field<T>): Field<T> => ({ ...inner, key });

export const refusedInProduction = <T>(inner: Field<T>, refuseInProduction: (value: T) => string | undefined): Field<T> => ({
  ...inner,
  refuseInProduction,
});

function withoutPassword(raw: string): string {
  const parsed = new URL(raw);
  if (parsed.password) parsed.password = '[secret]';
  return decodeURI(parsed.href).replace('%5Bsecret%5D', '[secret]');
}
