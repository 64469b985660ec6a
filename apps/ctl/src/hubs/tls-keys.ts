/** Which TLS key a hub's server shows: to be compared with others', nothing is trusted or sent. */
import { createHash } from 'node:crypto';
import { connect } from 'node:tls';

const WAIT_MS = 5_000;
const AT_ONCE = 16;

/** @returns hub → SHA-256 of the public key of its server (RFC 7469), without those that show none. */
export async function tlsKeysOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>();
  const left = [...ids];
  const work = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const key = await tlsKeyOf(id);
      if (key !== undefined) keys.set(id, key);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return keys;
}

function tlsKeyOf(id: string): Promise<string | undefined> {
  const { protocol, hostname, port } = new URL(id);
  if (protocol !== 'https:') return Promise.resolve(undefined);
  const host = hostname.replace(/^\[|\]$/g, '');
  const named = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  return new Promise((resolve) => {
    // whoever it is: only the key it shows is looked at
    const socket = connect({ host, port: Number(port || 443), ...named, rejectUnauthorized: false });
    const end = (key?: string) => {
      socket.destroy();
      resolve(key);
    };
    socket.setTimeout(WAIT_MS, () => end());
    socket.on('error', () => end());
    socket.on('secureConnect', () => {
      const key = socket.getPeerX509Certificate()?.publicKey.export({ format: 'der', type: 'spki' });
      end(key && createHash('sha256').update(key).digest('base64url'));
    });
  });
}
