/** An address whose answers are believed: https, or plain http on this machine itself while developing. */
import { FieldError, refusedInProduction, required, url } from './field.js';
import type { Field } from './field.js';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Plain http on the loopback interface, while developing. */
export const isLoopbackHttp = (address: URL): boolean => address.protocol === 'http:' && loopback.has(address.hostname);

/** https, or http on loopback outside production. */
export function httpsUrl(help: string): Field<string> {
  const inner = url(required, help);
  const parse = (raw: string): string => {
    const address = inner.parse(raw);
    const parsed = new URL(address);
    if (parsed.protocol !== 'https:' && !isLoopbackHttp(parsed)) throw new FieldError('must be https');
    return address;
  };
  return refusedInProduction({ ...inner, parse }, (address) =>
    new URL(address).protocol === 'http:' ? 'must be https' : undefined,
  );
}
