/** The load generator, a process of its own: takes a job over IPC, sends ready-made requests over a number of connections, says how it went. */
import { HttpConnection, postRequest } from './http-connection.js';
import type { LoadJob, LoadResult } from './load-process.js';

process.on('disconnect', () => process.exit()); // the parent is gone, in whatever way
process.on('message', (job: LoadJob) => {
  run(job).then(
    (result) => process.send?.(result),
    (error: Error) => process.send?.({ error: error.message } satisfies LoadResult),
  );
});

async function run({ url, contentType, bodies, connections }: LoadJob): Promise<LoadResult> {
  const target = new URL(url);
  const requests = bodies.map((body) => postRequest(target, contentType, body));
  const open = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(target)));
  const statuses: Record<number, number> = {};
  let next = 0;
  const begun = performance.now();
  try {
    await Promise.all(
      open.map(async (connection) => {
        for (let at = next++; at < requests.length; at = next++) {
          const status = await connection.send(requests[at] as Buffer);
          statuses[status] = (statuses[status] ?? 0) + 1;
        }
      }),
    );
    return { seconds: (performance.now() - begun) / 1_000, statuses };
  } finally {
    for (const connection of open) connection.close();
  }
}
