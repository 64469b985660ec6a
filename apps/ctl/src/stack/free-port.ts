/** Ports of the loopback interface: a free one, or whether a wanted one is taken. */
import { randomInt } from 'node:crypto';
import dgram from 'node:dgram';
import net from 'node:net';

const host = '127.0.0.1';

/**
 * Below the ports that systems give to outgoing connections (32768 and up): one of those could be taken between the choice and the
 * listening, or while an app that was killed starts again.
 */
const range = { first: 15_000, end: 32_000 } as const;
const attempts = 50;

/**
 * A port that nothing listens on, drawn at random and given to nobody else while this process lives: whoever is to listen there may take
 * seconds to start, and other services may be choosing theirs.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = randomInt(range.first, range.end);
    if ((await isFree(port)) && (await reserve(port))) return port;
  }
  return bind(0);
}

/** Holds the UDP port of that number, which none of ours uses: the system lets go of it when this process ends, however it ends. */
function reserve(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dgram.createSocket('udp4');
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind({ port, address: host, exclusive: true }, () => {
      socket.unref();
      resolve(true);
    });
  });
}

/** False when something listens there, or when this user may not (ports below 1024). */
export const isFree = (port: number): Promise<boolean> =>
  bind(port).then(
    () => true,
    () => false,
  );

function bind(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address() as net.AddressInfo;
      server.close(() => resolve(address.port));
    });
  });
}
