/** Ports of the loopback interface: a free one, or whether a wanted one is taken. */
import net from 'node:net';

const host = '127.0.0.1';

/** A port that nothing listens on at this moment. */
export const freePort = (): Promise<number> => bind(0);

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
