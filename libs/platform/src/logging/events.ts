/**
 * Business events of an app, declared in its `events.ts`: a name, a level and the few fields it may carry. What is not declared
 * is not written, so that an id cannot slip into a log by spreading an object. Enumerate values where you can.
 */
import type { AppLogger } from './logger.js';

/** A field is a number, a flag, a short text of ours, or one of listed values. */
type FieldKind = 'number' | 'boolean' | 'text' | readonly string[];
type FieldValue<K> = K extends 'number' ? number : K extends 'boolean' ? boolean : K extends readonly (infer V)[] ? V : string;

export interface EventSpec {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields?: Readonly<Record<string, FieldKind>>;
}

type EventFields<E extends EventSpec> = {
  readonly [K in keyof NonNullable<E['fields']>]: FieldValue<NonNullable<E['fields']>[K]>;
};

export interface EventLog<T extends Record<string, EventSpec>> {
  emit<N extends keyof T & string>(name: N, fields: EventFields<T[N]>, cause?: unknown): void;
}

const LONGEST_TEXT = 200;

/** `defineEvents({ 'policy-loaded': { level: 'info', fields: { version: 'number' } } })(logger).emit('policy-loaded', { version: 3 })` */
export const defineEvents =
  <const T extends Record<string, EventSpec>>(specs: T) =>
  (logger: AppLogger): EventLog<T> => ({
    emit(name, fields, cause) {
      const spec: EventSpec = specs[name] ?? { level: 'error' };
      const given = fields as Readonly<Record<string, unknown>>;
      const written = Object.entries(spec.fields ?? {}).map(([field, kind]) => [
        field,
        fits(kind, given[field]) ? given[field] : '[invalid]',
      ]);
      logger[spec.level]({ event: name, ...Object.fromEntries(written), ...(cause !== undefined && { err: cause }) });
    },
  });

function fits(kind: FieldKind, value: unknown): boolean {
  if (kind === 'text') return typeof value === 'string' && value.length <= LONGEST_TEXT;
  return typeof kind === 'string' ? typeof value === kind : kind.includes(value as string);
}
