/** Why a program of others gave no answer, in a word for logs and columns: never a library's own, which may hold an address. Pure. */
import { AddressRefused } from './public-addresses.js';

export const callFailures = ['address-refused', 'certificate', 'timeout', 'stopped', 'unreachable', 'failed'] as const;
export type CallFailure = (typeof callFailures)[number];

/** Codes of TLS itself and of OpenSSL's verification (X509_V_ERR_…). */
const ofCertificate = /CERT|CRL|TLS|SSL|SELF_SIGNED|UNABLE_TO_|ALTNAME|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH/;
const ofNetwork = /^(ECONN|ENOTFOUND|EAI_|EHOST|ENET|EPIPE|UND_ERR_SOCKET)/;

export function callFailureOf(error: unknown): CallFailure {
  if (error instanceof AddressRefused) return 'address-refused';
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (name === 'TimeoutError' || code === 'UND_ERR_CONNECT_TIMEOUT') return 'timeout';
  if (name === 'AbortError') return 'stopped';
  if (typeof code !== 'string') return 'failed';
  if (ofCertificate.test(code)) return 'certificate';
  return ofNetwork.test(code) ? 'unreachable' : 'failed';
}
