/**
 * Who a certificate is for: the URI `nymtally:<name>` among its subject alternative names (RFC 5280 §4.2.1.6). The name is the process,
 * never its address, so that a process can move and no certificate names a machine. Pure.
 */
const scheme = 'nymtally:';
const entry = new RegExp(`^URI:${scheme}([a-z][a-z0-9-]{0,31})$`);

export const certificateUri = (name: string): string => scheme + name;

/**
 * @param subjectAltName as node:crypto and node:tls print it: `URI:nymtally:nyms, DNS:nyms`
 * @returns undefined without a name, with two of them, or where an entry is quoted because it holds what separates entries
 */
export function nameIn(subjectAltName: string | undefined): string | undefined {
  if (subjectAltName === undefined || subjectAltName.includes('"')) return undefined;
  const names = subjectAltName.split(', ').flatMap((text) => entry.exec(text)?.[1] ?? []);
  return names.length === 1 ? names[0] : undefined;
}
